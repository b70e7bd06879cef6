//! What providers call their GPUs, and the machines with them.

use super::gpu::{Candidates, Gpu, models};
use crate::catalog::Architecture;
use crate::catalog::table::Table;
use crate::error::Result;
use std::sync::OnceLock;

/// A row of `data/gpu/spellings.tsv`.
pub(super) struct Spelling {
    provider: &'static str,
    /// Normalized; `#` stands for a number, `*` for anything.
    pattern: String,
    models: Vec<&'static Gpu>,
    host: Option<Architecture>,
    share: bool,
}

fn spellings() -> &'static [Spelling] {
    static SPELLINGS: OnceLock<Vec<Spelling>> = OnceLock::new();
    // A test reads the table, so there is no error to report.
    SPELLINGS
        .get_or_init(|| read(include_str!("../../../data/gpu/spellings.tsv")).unwrap_or_default())
}

pub(super) fn read(text: &'static str) -> Result<Vec<Spelling>> {
    let table = Table::parse(text, ["provider", "spelling", "gpu", "host", "share"])?;
    let model = |name: &str| models().iter().find(|gpu| gpu.name == name);
    let rows = table.rows.into_iter().map(|[provider, spelling, gpu, host, share]| {
        Ok(Spelling {
            provider: provider.required("a provider", Some)?,
            pattern: normalized(spelling.required("a spelling", Some)?),
            models: gpu
                .required("a list of models", |text| text.split("; ").map(model).collect())?,
            host: host.read("an architecture", |text| text.parse().ok())?,
            share: share.text == "vgpu",
        })
    });
    rows.collect()
}

/// A name without the maker's, in lower case, its words between single spaces: `rtx a6000`.
pub(super) fn normalized(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for word in name.split([' ', '-', '_']).filter(|word| !word.is_empty()) {
        if ["nvidia", "amd", "instinct", "tesla", "geforce"]
            .iter()
            .any(|maker| word.eq_ignore_ascii_case(maker))
        {
            continue;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().map(|character| character.to_ascii_lowercase()));
    }
    words
}

/// What a provider calls by a normalized name.
pub(super) fn find(key: &str, provider: &str) -> Option<Candidates> {
    let mut of_provider =
        spellings().iter().filter(|row| row.provider.eq_ignore_ascii_case(provider));
    let row = of_provider.find(|row| matches(row.pattern.as_bytes(), key.as_bytes()))?;
    Some(Candidates {
        models: row.models.clone(),
        host: row.host,
        share: row.share,
        of_several_providers: false,
    })
}

/// What any provider calls by a normalized name.
pub(super) fn find_anywhere(key: &str) -> Option<Candidates> {
    let mut providers: Vec<&str> = spellings().iter().map(|row| row.provider).collect();
    providers.dedup();
    let mut found: Option<Candidates> = None;
    for other in providers.into_iter().filter_map(|provider| find(key, provider)) {
        let Some(first) = &mut found else {
            found = Some(other);
            continue;
        };
        first.of_several_providers |= first.models != other.models;
        first.host = first.host.filter(|host| other.host == Some(*host));
        first.share |= other.share;
        first.models.extend(other.models);
    }
    if let Some(found) = &mut found {
        let mut seen = Vec::new();
        found.models.retain(|gpu| {
            !seen.contains(&gpu.name) && {
                seen.push(gpu.name);
                true
            }
        });
    }
    found
}

/// Whether a name is of a pattern. In linear time: a `*` is the last thing that is tried again.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut place, mut again) = (0, 0, None);
    while place < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                again = Some((at + 1, place));
                at += 1;
            }
            Some(b'#') if name[place].is_ascii_digit() => {
                while name.get(place).is_some_and(u8::is_ascii_digit) {
                    place += 1;
                }
                at += 1;
            }
            Some(byte) if *byte == name[place] => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((after, from)) = again else { return false };
                again = Some((after, from + 1));
                (at, place) = (after, from + 1);
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::{matches, normalized, read, spellings};

    #[test]
    fn the_bundled_table_is_whole() {
        assert_eq!(
            read(include_str!("../../../data/gpu/spellings.tsv")).unwrap().len(),
            spellings().len()
        );
        assert!(spellings().len() > 150);
    }

    #[test]
    fn patterns_have_numbers_and_stars() {
        let fits = |pattern: &str, name: &str| {
            matches(normalized(pattern).as_bytes(), normalized(name).as_bytes())
        };
        assert!(fits("g6.*", "g6.xlarge"));
        assert!(!fits("g6.*", "g6e.xlarge"));
        assert!(!fits("g6.*", "g6"));
        assert!(fits("n#-H100x#", "n3-h100x8"));
        assert!(!fits("n#-H100x#", "n-h100x8"));
        assert!(!fits("n#-H100x#", "n3-h100x8-NVLink"));
        assert!(fits("a2-ultragpu-*", "a2-ultragpu-8g"));
        assert!(!matches(b"", b"x") && matches(b"", b"") && !matches(b"#", b""));
    }

    #[test]
    fn a_long_name_takes_linear_time() {
        let name = "1".repeat(1_000_000);
        assert!(!matches(b"#x", name.as_bytes()));
        assert!(!matches(b"*x", name.as_bytes()));
    }
}
