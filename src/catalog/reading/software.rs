//! What is in an image besides the system: driver, CUDA, and the extras.

use super::parts::Parts;
use super::pieces::{self, Agreed, Piece, joined, version};
use super::releases;
use super::tokens::Gap;
use super::words::Meaning;
use crate::catalog::Version;
use crate::types::Text;

/// The number that follows a word, over words that may stand between.
fn number_after(
    pieces: &[Piece<'_>],
    at: usize,
    between: impl Fn(&Meaning) -> bool,
) -> Option<usize> {
    let next = at
        + 1
        + pieces[at + 1..]
            .iter()
            .take(4)
            .take_while(|piece| piece.meanings().iter().any(&between))
            .count();
    pieces
        .get(next)
        .filter(|piece| piece.is_number() && !piece.taken && piece.gap != Gap::Break)
        .map(|_| next)
}

/// Marks the numbers that are part of a version.
fn take(pieces: &mut [Piece<'_>], at: usize, parts: usize) {
    let mut left = parts;
    for piece in pieces[at..].iter_mut().take_while(|piece| piece.is_number()) {
        piece.taken = true;
        left = left.saturating_sub(piece.parts().len());
        if left == 0 {
            break;
        }
    }
}

/// The NVIDIA driver: `535` of `R535`, `550.54.15` of `nvidia-driver-550.54.15`.
pub(super) fn driver(pieces: &mut [Piece<'_>]) -> Option<Version> {
    const KINDS: u32 = Meaning::Driver.bit() | Meaning::Extra("").bit() | Meaning::Taker.bit();
    let mut found = Agreed::default();
    for at in 0..pieces.len() {
        let piece = &pieces[at];
        if !piece.is_any(KINDS) {
            continue;
        }
        let named = piece.says(Meaning::Driver)
            || piece.says(Meaning::Extra("nvidia"))
            || piece.says(Meaning::Extra("gpu"));
        let next = if named {
            number_after(pieces, at, |meaning| {
                matches!(
                    meaning,
                    Meaning::Driver
                        | Meaning::Filler
                        | Meaning::Open
                        | Meaning::Extra("nvidia" | "gpu" | "proprietary")
                )
            })
        } else {
            let is_branch = piece.says(Meaning::Taker) && piece.text().eq_ignore_ascii_case("r");
            (is_branch
                && pieces.get(at + 1).is_some_and(|next| next.is_number() && next.gap == Gap::None))
            .then_some(at + 1)
        };
        let Some(next) = next else { continue };
        let parts = pieces[next].number();
        if parts.iter().next().is_some_and(|first| is_driver(first, parts.len())) {
            found = found.also(version(&parts[..parts.len().min(3)]));
            take(pieces, next, 1);
        }
    }
    found.version()
}

fn is_driver(first: &str, parts: usize) -> bool {
    releases::is_driver_branch(first) || (parts > 1 && first.len() == 3 && first >= "300")
}

/// The version of CUDA: `12.4` of `CUDA 12.4`, `12.1` of `cu121`.
pub(super) fn cuda(pieces: &mut [Piece<'_>]) -> Option<Version> {
    const KINDS: u32 = Meaning::Cuda.bit() | Meaning::Cu.bit();
    let mut found = Agreed::default();
    for at in 0..pieces.len() {
        if !pieces[at].is_any(KINDS) {
            continue;
        }
        if pieces[at].says(Meaning::Cuda) {
            let Some(next) = number_after(pieces, at, |meaning| *meaning == Meaning::Filler) else {
                continue;
            };
            let dotted = pieces[next].parts().len() > 1;
            let parts = joined(pieces, next);
            let count = if dotted { parts.len().min(3) } else { cuda_parts(&parts) };
            if is_cuda(parts.iter().next()) {
                found = found.also(version(&parts[..count]));
                take(pieces, next, count);
            }
        } else if pieces[at].says(Meaning::Cu) {
            let Some(next) = pieces.get(at + 1).filter(|next| next.gap == Gap::None) else {
                continue;
            };
            let digits = next.number();
            let [digits] = *digits else { continue };
            // The last digit is the minor version: cu92, cu121. There was no CUDA 1.2 in images: cu12 is 12.
            let minor =
                if digits.len() == 3 || is_cuda(Some(&digits)) { digits.len() / 3 } else { 1 };
            let (major, minor) = digits.split_at(digits.len().saturating_sub(minor));
            if digits.len() <= 3 && is_cuda(Some(&major)) {
                let parts = [major, minor];
                found = found.also(version(if minor.is_empty() { &parts[..1] } else { &parts }));
                take(pieces, at + 1, 1);
            }
        }
    }
    found.version()
}

fn is_cuda(major: Option<&&str>) -> bool {
    major.is_some_and(|major| major.parse().is_ok_and(|major: u32| (5..=15).contains(&major)))
}

/// A number after a dash is the minor version if it is one digit.
fn cuda_parts(parts: &[&str]) -> usize {
    1 + parts[1..].iter().take(1).filter(|part| part.len() == 1).count()
}

/// The version of AWS ParallelCluster: `3.7.2`, also written `3-7-2`.
pub(super) fn parallelcluster(pieces: &mut [Piece<'_>]) -> Option<Version> {
    let at = pieces.iter().position(|piece| piece.says(Meaning::Parallelcluster))?;
    let next = number_after(pieces, at, |_| false)?;
    let parts = joined(pieces, next);
    let parts = &parts[..parts.len().min(3)];
    let found = version(parts).filter(|_| parts.iter().all(|part| part.len() <= 2));
    let count = parts.len();
    if found.is_some() {
        take(pieces, next, count);
    }
    found
}

/// Takes the numbers of other software, so that none becomes the version of the system, and says where the
/// first one of each stands.
pub(super) fn parts(pieces: &mut [Piece<'_>]) -> Vec<(&'static str, usize)> {
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    const KINDS: u32 = Meaning::Part("").bit() | Meaning::Taker.bit();
    for at in 0..pieces.len() {
        if !pieces[at].is_any(KINDS) {
            continue;
        }
        let Some(meaning) = pieces[at].meanings().iter().find(|meaning| meaning.takes_number())
        else {
            continue;
        };
        let Some(next) = number_after(pieces, at, |_| false) else { continue };
        match meaning {
            Meaning::Taker => pieces[next].taken = true,
            Meaning::Part(part) if is_version_of(part, &pieces[next]) => {
                pieces[next].taken = true;
                if found.iter().all(|(other, _)| other != part) {
                    found.push((part, next));
                }
            }
            _ => {}
        }
    }
    found
}

fn is_version_of(part: &str, number: &Piece<'_>) -> bool {
    let (first, parts) = (number.text(), number.parts().len());
    match part {
        "sql" => first.len() == 4 && first.starts_with("20"),
        "kubernetes" => first == "1" && parts > 1,
        _ => first.len() <= 2 && (parts > 1 || number.gap == Gap::None),
    }
}

/// The extras, in the order of the name.
pub(super) fn extras(
    pieces: &[Piece<'_>],
    parts: &[(&str, usize)],
    has_channel: bool,
) -> Vec<Text> {
    let mut extras: Vec<Text> = Vec::new();
    if pieces::bits(pieces) & Meaning::EXTRAS == 0 {
        return extras;
    }
    let has_driver = pieces.iter().any(|piece| {
        piece.meanings().iter().any(|meaning| {
            matches!(meaning, Meaning::Driver | Meaning::Cuda | Meaning::Extra("nvidia"))
        })
    });
    let mut seen: Vec<Meaning> = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.is_any(Meaning::EXTRAS))
    {
        for meaning in piece.meanings() {
            let extra = match meaning {
                Meaning::Extra(extra) | Meaning::Edition(extra @ "minimal") => {
                    Text::from_static(extra)
                }
                Meaning::Open if has_driver => Text::from_static("open"),
                Meaning::Channel(channel) if has_channel => format!("channel={channel}").into(),
                Meaning::Part(part) if !seen.contains(meaning) => {
                    with_version(part, pieces, parts, at)
                }
                _ => continue,
            };
            if !seen.contains(meaning) {
                seen.push(*meaning);
                extras.push(extra);
            }
        }
    }
    extras
}

fn with_version(
    part: &'static str,
    pieces: &[Piece<'_>],
    parts: &[(&str, usize)],
    at: usize,
) -> Text {
    let after = parts.iter().find(|(other, _)| *other == part).map(|(_, number)| *number);
    // Names of Kubernetes nodes have the system between the word and its version.
    let later = || {
        let free =
            |piece: &Piece<'_>| piece.is_number() && !piece.taken && is_version_of(part, piece);
        let place = pieces.iter().skip(at).position(free)?;
        Some(at + place).filter(|_| part == "kubernetes")
    };
    let number = after.or_else(later).and_then(|number| pieces.get(number));
    let version = number.and_then(|number| version(&number.parts().take(4).collect::<Parts<'_>>()));
    version.map_or(Text::from_static(part), |version| format!("{part}={version}").into())
}
