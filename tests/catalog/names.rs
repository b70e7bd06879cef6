//! What is read of real image names, against a table of what they say.
//!
//! Run with `--nocapture` for the figures by family.

use cloud_images::catalog::Reading;
use std::collections::BTreeMap;
use std::fmt;

/// Columns: name, provider, source, distribution, version, code name, architecture, driver, CUDA, extras.
/// An empty cell is not judged.
const NAMES: &str = include_str!("data/image-names.tsv");
/// The same of names that the rules were not written with.
const OTHERS: &str = include_str!("data/other-names.tsv");

#[derive(Clone, Copy, Default)]
struct Score {
    right: usize,
    coarse: usize,
    wrong: usize,
    unread: usize,
}

impl Score {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Right => self.right += 1,
            Verdict::Coarse => self.coarse += 1,
            Verdict::Wrong => self.wrong += 1,
            Verdict::Unread => self.unread += 1,
        }
    }

    fn sum(&self, other: &Self) -> Self {
        Self {
            right: self.right + other.right,
            coarse: self.coarse + other.coarse,
            wrong: self.wrong + other.wrong,
            unread: self.unread + other.unread,
        }
    }

    fn labelled(&self) -> usize {
        self.right + self.coarse + self.wrong + self.unread
    }

    fn read(&self) -> f64 {
        (self.right + self.coarse) as f64 / self.labelled().max(1) as f64
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:4}/{}/{}/{}", self.right, self.coarse, self.wrong, self.unread)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Right,
    /// A prefix at a dot: true, and less precise than the name.
    Coarse,
    Wrong,
    Unread,
}

const COLUMNS: [&str; 7] =
    ["distribution", "version", "codename", "architecture", "driver", "cuda", "extras"];

/// The verdicts on a row of the table, by column.
fn judge(row: &[&str]) -> Vec<(&'static str, Verdict)> {
    let reading = Reading::of(row[0]);
    let text = |value: Option<String>| value.unwrap_or_default();
    let read = [
        text(reading.distribution.map(|value| value.to_string())),
        text(reading.version.map(|value| value.to_string())),
        text(reading.codename.map(|value| value.to_string())),
        text(reading.architecture.map(|value| value.to_string())),
        text(reading.driver.map(|value| value.to_string())),
        text(reading.cuda.map(|value| value.to_string())),
    ];
    let notes: Vec<&str> = row[9].split(';').collect();
    let mut verdicts = Vec::new();
    for (column, (read, label)) in COLUMNS.into_iter().zip(read.iter().zip(&row[3..9])) {
        // What a field says and the name does not is not asked of the name.
        let from_field = column == "architecture" && notes.contains(&"arch-from=field");
        let no_system = column == "version" && row[3].is_empty() && read.is_empty();
        if label.is_empty() || ((from_field || no_system) && read.is_empty()) {
            continue;
        }
        let verdict = if read == label {
            Verdict::Right
        } else if read.is_empty() {
            Verdict::Unread
        } else if label.starts_with(&format!("{read}.")) {
            Verdict::Coarse
        } else {
            Verdict::Wrong
        };
        verdicts.push((column, verdict));
    }
    let pcluster = reading.parallelcluster.map(|version| format!("pcluster={version}"));
    let extras: Vec<&str> =
        reading.extras.iter().map(|extra| extra.as_str()).chain(pcluster.as_deref()).collect();
    for note in notes.iter().filter(is_extra) {
        let key = |text: &str| text.split('=').next().unwrap_or_default().to_owned();
        let named = !note.contains('=') && extras.iter().any(|extra| key(extra) == **note);
        let verdict = if named || extras.contains(note) {
            Verdict::Right
        } else if note.contains('=')
            && extras.iter().any(|extra| key(extra) == key(note) && extra.contains('='))
        {
            Verdict::Wrong
        } else {
            Verdict::Unread
        };
        verdicts.push(("extras", verdict));
    }
    verdicts
}

/// Notes on the label itself are not extras of the image.
fn is_extra(note: &&&str) -> bool {
    const NOTES: [&str; 14] = [
        "arch-from",
        "field",
        "os-not-in-name",
        "version-not-in-name",
        "version-from-codename",
        "prefix",
        "file-name",
        "urn",
        "deprecated",
        "build",
        "stack-name",
        "type",
        "several-systems",
        "",
    ];
    !NOTES.contains(&note.split('=').next().unwrap_or_default())
}

/// The family of a row: its provider, and for the large ones the kind of list.
fn family(row: &[&str]) -> String {
    let list = row[2].rsplit(['/', ':']).next().unwrap_or_default();
    let list = list.split(['.', ' ', '_']).next().unwrap_or_default();
    if list.chars().all(|character| character.is_ascii_digit()) {
        row[1].to_owned()
    } else {
        format!("{} {list}", row[1])
    }
}

/// Scores by column, printed by family as right/coarse/wrong/unread.
fn score(table: &str) -> BTreeMap<&'static str, Score> {
    let mut families: BTreeMap<String, BTreeMap<&'static str, Score>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let row: Vec<&str> = line.split('\t').collect();
        for (column, verdict) in judge(&row) {
            families.entry(family(&row)).or_default().entry(column).or_default().add(verdict);
            if matches!(verdict, Verdict::Wrong | Verdict::Unread) {
                println!("{verdict:?} {column}: {line}");
            }
        }
    }
    let print = |family: &str, scores: &BTreeMap<&str, Score>| {
        let cells =
            COLUMNS.map(|column| scores.get(column).copied().unwrap_or_default().to_string());
        println!("{family:34} {}", cells.map(|cell| format!("{cell:>14}")).join(" "));
    };
    println!(
        "{:34} {}",
        "right/coarse/wrong/unread",
        COLUMNS.map(|column| format!("{column:>14}")).join(" ")
    );
    let mut total: BTreeMap<&'static str, Score> = BTreeMap::new();
    for (family, scores) in &families {
        print(family, scores);
        for (column, score) in scores {
            let sum = total.entry(column).or_default();
            *sum = sum.sum(score);
        }
    }
    print("all", &total);
    total
}

fn check(table: &str, least: f64) {
    let total = score(table);
    assert_eq!(total["distribution"].wrong, 0, "wrong distributions");
    assert_eq!(total["architecture"].wrong, 0, "wrong architectures");
    let version = total["version"];
    assert!(version.wrong as f64 <= 0.005 * version.labelled() as f64, "wrong versions: {version}");
    for column in ["distribution", "version", "architecture"] {
        assert!(total[column].read() >= least, "{column}: {}", total[column]);
    }
}

#[test]
fn real_names_are_read_right() {
    check(NAMES, 0.95);
}

#[test]
fn names_of_other_families_are_read_right() {
    check(OTHERS, 0.85);
}
