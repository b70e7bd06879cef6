//! What a region holds: machine images, and CloudFormation's stacks with their pages.

use super::VERSION;
use crate::testing::numbers;

/// An image, or the build that is to become one.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub id: String,
    pub ami: String,
    pub version: &'static str,
    /// How many there were before it: what its dates are made of.
    pub number: usize,
}

impl Image {
    pub fn new(id: String, version: &'static str, number: usize) -> Self {
        let ami = format!("ami-{}", numbers::hex(numbers::of_text(&id), 17));
        Self { id, ami, version, number }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Stack {
    /// The build runs; the number is how often it will still be described so, if it is ever to end.
    Building(Image, Option<u32>),
    Failed(Image),
    Deleting(Image),
    /// A stack that has nothing to do with images.
    Other(String),
}

impl Stack {
    pub fn name(&self) -> &str {
        match self {
            Self::Building(image, _) | Self::Failed(image) | Self::Deleting(image) => &image.id,
            Self::Other(name) => name,
        }
    }
}

/// The images and stacks of a region.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub available: Vec<Image>,
    pub stacks: Vec<Stack>,
}

impl Region {
    /// The image of the document's example and generated ones.
    pub fn seed(images: usize, pending: usize, failed: usize, others: usize) -> Self {
        const VERSIONS: [&str; 4] = [VERSION, "3.15.0", "3.13.2", "3.9.1"];
        let mut example = Image::new("custom-image".to_owned(), "3.2.1", 0);
        example.ami = "ami-abcdef01234567890".to_owned();
        let generated = (1..=images).map(|number| {
            Image::new(format!("img-{number:04}"), VERSIONS[number % VERSIONS.len()], number)
        });
        let available = std::iter::once(example).chain(generated).collect();

        let (half, quarter) = (others / 2, others / 4);
        let other = |number| Stack::Other(format!("unrelated-{number:03}"));
        let mut between = (half + 1..=others - quarter).map(other);
        let mut stacks: Vec<_> = (1..=half).map(other).collect();
        for number in 1..=pending.max(failed) {
            if number <= pending {
                let image = Image::new(format!("building-{number:03}"), VERSION, number);
                stacks.push(Stack::Building(image, None));
            }
            if number <= failed {
                let image = Image::new(format!("failed-{number:03}"), VERSION, number);
                stacks.push(Stack::Failed(image));
            }
            stacks.extend(between.next());
        }
        stacks.extend(between);
        stacks.extend((others - quarter + 1..=others).map(other));
        Self { available, stacks }
    }

    pub fn image(&self, id: &str) -> Option<&Image> {
        self.available.iter().find(|image| image.id == id)
    }

    pub fn stack(&mut self, name: &str) -> Option<&mut Stack> {
        self.stacks.iter_mut().find(|stack| stack.name() == name)
    }

    /// The stacks of a page and the token of the next; `None` for a token that was never given.
    pub fn page(&self, token: Option<&str>, size: usize) -> Option<(&[Stack], Option<String>)> {
        let start = match token {
            None => 0,
            Some(token) => self.position(token)?,
        };
        let rest = self.stacks.get(start..)?;
        let page = &rest[..size.min(rest.len())];
        let next = (rest.len() > size).then(|| self.token(start + size)).flatten();
        Some((page, next))
    }

    /// The token of a position: opaque, and with every character that a careless client gets wrong.
    fn token(&self, position: usize) -> Option<String> {
        let name = self.stacks.get(position.checked_sub(1)?)?.name();
        let proof = numbers::hex(numbers::of_text(name), 12);
        Some(format!("stack/{position}/{name}:{proof}+/ &%2B=="))
    }

    fn position(&self, token: &str) -> Option<usize> {
        let position = token.split('/').nth(1)?.parse().ok()?;
        (self.token(position)? == token).then_some(position)
    }
}
