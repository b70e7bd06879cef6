//! What a region holds: machine images, and CloudFormation's stacks with their pages.

use super::VERSION;
use super::cluster::Cluster;
use super::image::Image;
use super::log_store::Logs;
use crate::testing::numbers;

#[derive(Clone, Debug)]
pub(super) enum Stack {
    /// The build runs; the number is how often it will still be described so, if it is ever to end.
    Building(Image, Option<u32>),
    Failed(Image),
    /// On its way out; the number is how often it will still be described.
    Deleting(Image, u32),
    Cluster(Cluster),
    /// A stack that has nothing to do with ParallelCluster.
    Other(String),
}

impl Stack {
    pub fn name(&self) -> &str {
        match self {
            Self::Building(image, _) | Self::Failed(image) | Self::Deleting(image, _) => &image.id,
            Self::Cluster(cluster) => &cluster.name,
            Self::Other(name) => name,
        }
    }
}

/// The images and stacks of a region.
#[derive(Debug, Default)]
pub(super) struct Region {
    pub available: Vec<Image>,
    pub stacks: Vec<Stack>,
    pub logs: Logs,
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
        let mut region = Self { available, stacks, logs: Logs::default() };
        region.seed_image_logs();
        region
    }

    /// Clusters in all states, and one with nodes, a fleet and logs.
    pub fn add_clusters(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        self.stacks.extend((1..=count).map(|number| Stack::Cluster(Cluster::generated(number))));
        self.stacks.push(Stack::Cluster(Cluster::full()));
        for node in 1..=60 {
            let name = format!("ip-10-0-0-{node}.i-0{node:016x}.cfn-init");
            self.logs.seed("full-cluster", &name, if node == 1 { 300 } else { 2 });
        }
    }

    /// Logs of the first two images and the first build. The streams that EC2 Image Builder writes have
    /// a slash in their names.
    fn seed_image_logs(&mut self) {
        let stream = format!("{VERSION}/1");
        if self.image("img-0001").is_some() {
            self.logs.seed("img-0001", &stream, 3);
            self.logs.seed("img-0001", "plain", 25);
            (0..60).for_each(|number| self.logs.seed("img-0001", &format!("s-{number:03}"), 3));
        }
        if self.image("img-0002").is_some() {
            self.logs.seed("img-0002", "with-events", 2);
            self.logs.seed("img-0002", "empty", 0);
        }
        if self.stack("building-001").is_some() {
            self.logs.seed("building-001", &stream, 5);
            self.logs.seed("building-001", "plain", 5);
        }
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
