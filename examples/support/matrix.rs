//! Systems by places, as text and as a page with a picture.

use super::system;
use cloud_images::catalog::{Image, Phase, Support};
use cloud_images::chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Write};

/// How long a system is supported, from the worst to the best.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Ended,
    Extended,
    Months,
    Years,
    Unknown,
}

impl Left {
    /// The class in the picture, the mark in the table, and what it means.
    const ALL: [(Self, &'static str, char, &'static str); 5] = [
        (Self::Ended, "ended", '!', "support has ended"),
        (Self::Extended, "extended", '~', "extended support only"),
        (Self::Months, "months", '-', "less than a year of support"),
        (Self::Years, "years", '+', "a year of support or more"),
        (Self::Unknown, "unknown", ' ', "life cycle not known"),
    ];

    fn of(image: &Image, support: &Support, day: NaiveDate) -> Self {
        let lifecycle = image.lifecycle(support);
        let Some(cycle) = lifecycle.system() else { return Self::Unknown };
        let standing = cycle.at(day);
        match (standing.phase, standing.days_left) {
            (Phase::Ended, _) => Self::Ended,
            (Phase::Extended, _) => Self::Extended,
            (Phase::Standard, Some(days)) if days < 365 => Self::Months,
            (Phase::Standard, _) => Self::Years,
            _ => Self::Unknown,
        }
    }

    fn row(self) -> (Self, &'static str, char, &'static str) {
        Self::ALL.into_iter().find(|(left, ..)| *left == self).unwrap_or(Self::ALL[4])
    }
}

/// A source and a region of it, which may be empty.
type Place = (String, String);

/// How many images of each system are at each place.
pub struct Matrix {
    day: NaiveDate,
    places: BTreeSet<Place>,
    systems: BTreeMap<String, (Left, BTreeMap<Place, usize>)>,
    unread: usize,
}

impl Matrix {
    pub fn new(day: NaiveDate) -> Self {
        Self { day, places: BTreeSet::new(), systems: BTreeMap::new(), unread: 0 }
    }

    pub fn add(&mut self, image: &Image, support: &Support) {
        let Some(name) = system(image) else {
            self.unread += 1;
            return;
        };
        let region = image.region.as_ref().map(ToString::to_string).unwrap_or_default();
        let place = (image.source.to_string(), region);
        self.places.insert(place.clone());
        let left = Left::of(image, support, self.day);
        let (_, counts) = self.systems.entry(name).or_insert_with(|| (left, BTreeMap::new()));
        *counts.entry(place).or_default() += 1;
    }

    fn unread(&self) -> String {
        format!("{} images do not say their system.", self.unread)
    }

    /// A page that needs no other file. `incomplete` are the sources that were not read to their ends.
    pub fn html(&self, incomplete: &[String]) -> String {
        let mut note = self.unread();
        if !incomplete.is_empty() {
            let _ = write!(note, " Not complete: {}.", incomplete.join(", "));
        }
        let legend = Left::ALL.map(|(_, class, _, meaning)| {
            format!("<li><span class=\"{class}\"></span>{meaning}</li>")
        });
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Systems by place</title>\n<style>{STYLE}</style></head>\n<body><h1>Systems by place</h1>\n\
             <p>Images of each operating system, coloured by the support that is left on {}.</p>\n\
             <ul>{}</ul>\n<div class=\"picture\">{}</div>\n<p>{}</p></body></html>\n",
            self.day,
            legend.concat(),
            self.svg(),
            escaped(&note),
        )
    }

    fn svg(&self) -> String {
        const LABEL: usize = 230;
        const CELL: usize = 62;
        const ROW: usize = 26;
        // The names of places are slanted, so that the longest needs this much above and beside its column.
        const HEAD: usize = 175;
        let width = LABEL + CELL * self.places.len() + HEAD - CELL / 2;
        let height = HEAD + ROW * self.systems.len() + 8;
        let mut svg = format!(
            "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" \
             aria-label=\"Systems by place\">"
        );
        for (column, (source, region)) in self.places.iter().enumerate() {
            let (x, y) = (LABEL + CELL * column + CELL / 2, HEAD - 10);
            let place =
                if region.is_empty() { source.clone() } else { format!("{source} {region}") };
            let place = escaped(&cut(&place));
            let _ = write!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" transform=\"rotate(-45 {x} {y})\">{place}</text>"
            );
        }
        for (row, (system, (left, counts))) in self.systems.iter().enumerate() {
            let y = HEAD + ROW * row;
            let (_, class, _, meaning) = left.row();
            let (x, text) = (LABEL - 10, y + 17);
            let name = escaped(&cut(system));
            let _ = write!(svg, "<text x=\"{x}\" y=\"{text}\" text-anchor=\"end\">{name}</text>");
            for (column, place) in self.places.iter().enumerate() {
                let (x, width, height) = (LABEL + CELL * column, CELL - 3, ROW - 3);
                let count = counts.get(place).copied().unwrap_or_default();
                let class = if count == 0 { "none" } else { class };
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\">"
                );
                if count > 0 {
                    let at = escaped(&format!("{} {}", place.0, place.1));
                    let _ = write!(svg, "<title>{name}, {at}: {count} images, {meaning}</title>");
                }
                svg.push_str("</rect>");
                if count > 0 {
                    let x = x + width / 2;
                    let _ = write!(
                        svg,
                        "<text class=\"on-{class}\" x=\"{x}\" y=\"{text}\" text-anchor=\"middle\">{count}</text>"
                    );
                }
            }
        }
        svg.push_str("</svg>");
        svg
    }
}

/// The colours are those of light and dark screens; numbers on them have a contrast of at least 4.5.
const STYLE: &str = "
:root { color-scheme: light dark; --back: #ffffff; --ink: #1c2330; --none: #eef0f3; }
@media (prefers-color-scheme: dark) { :root { --back: #14181f; --ink: #e6e9ef; --none: #222833; } }
body { font: 15px/1.5 system-ui, sans-serif; background: var(--back); color: var(--ink); margin: 2rem auto;
  max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0; }
li span { display: inline-block; width: .9rem; height: .9rem; border-radius: 3px; margin-right: .4rem;
  vertical-align: -2px; }
.picture { overflow-x: auto; }
svg text { font-size: 13px; fill: var(--ink); }
.ended { fill: #b3261e; background: #b3261e; } .extended { fill: #f0a202; background: #f0a202; }
.months { fill: #ffe08a; background: #ffe08a; } .years { fill: #2a9d6f; background: #2a9d6f; }
.unknown { fill: #8a94a6; background: #8a94a6; } .none { fill: var(--none); }
svg .on-ended { fill: #ffffff; }
svg .on-extended, svg .on-months, svg .on-years, svg .on-unknown { fill: #10151d; }
";

/// A name that fits its place in the picture.
fn cut(text: &str) -> String {
    const MOST: usize = 30;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 3).chain("...".chars()).collect()
}

fn escaped(text: &str) -> String {
    let shown = text.chars().filter(|character| !character.is_control());
    shown.fold(String::new(), |mut text, character| {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            _ => text.push(character),
        }
        text
    })
}

/// A line for each system, with the marks of its support.
impl Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |(source, region): &Place| {
            if region.is_empty() { source.clone() } else { format!("{source} {region}") }
        };
        let places: Vec<String> = self.places.iter().map(place).collect();
        let width = self.systems.keys().map(|name| name.chars().count()).max().unwrap_or(0).max(6);
        writeln!(f, "{:width$}    {}", "SYSTEM", places.join("  ").to_uppercase())?;
        for (name, (left, counts)) in &self.systems {
            let (_, _, mark, _) = left.row();
            write!(f, "{name:width$}  {mark}")?;
            for (place, head) in self.places.iter().zip(&places) {
                let count = counts.get(place).map_or_else(|| ".".to_owned(), ToString::to_string);
                let width = head.chars().count() + 1;
                write!(f, " {count:>width$}")?;
            }
            writeln!(f)?;
        }
        for (_, _, mark, meaning) in Left::ALL.into_iter().filter(|(_, _, mark, _)| *mark != ' ') {
            writeln!(f, "{mark} {meaning} on {}", self.day)?;
        }
        writeln!(f, "{}", self.unread())
    }
}
