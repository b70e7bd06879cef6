//! The name and the fields of a service together.

use super::pieces::{self, Piece, pieces};
use super::system::{self, System};
use super::tokens::tokens;
use super::words::Meaning;
use super::{Hints, releases};
use crate::catalog::{Architecture, Version};

/// The system by the name, completed by the fields. `described` is the description in pieces.
pub(super) fn system(
    pieces: &[Piece<'_>],
    named: System,
    hints: &Hints<'_>,
    described: &[Piece<'_>],
) -> System {
    if hints.distribution.is_none() && described.is_empty() {
        return named;
    }
    let field = field(hints, described);
    let Some(place) = field.place else { return named };
    match named.place {
        None => {
            let version = system::version_of(pieces, place).version;
            System::of(place, finer(version, field.version))
        }
        Some(own) if own == place => System::of(place, finer(named.version, field.version)),
        Some(_) => named,
    }
}

/// The name's version, or the field's if it is a more precise form of it.
fn finer(named: Option<Version>, field: Option<Version>) -> Option<Version> {
    match (named, field) {
        (Some(named), Some(field)) if field.is_release_of(&named) => Some(field),
        (named, field) => named.or(field),
    }
}

/// What the fields say. Fields that contradict each other say nothing.
fn field(hints: &Hints<'_>, described: &[Piece<'_>]) -> System {
    let described = system::system(described);
    let Some(distribution) = hints.distribution else { return described };
    let Some(place) = releases::place(distribution).or_else(|| of_text(distribution).place) else {
        return described;
    };
    if described.place.is_some_and(|other| other != place) {
        return System::default();
    }
    let version = |text: &str| {
        let tokens = tokens(text);
        system::version_of(&pieces(&tokens), place).version
    };
    let version = hints.version.and_then(version).or_else(|| of_text(distribution).version);
    System::of(place, finer(described.version, version))
}

fn of_text(text: &str) -> System {
    let tokens = tokens(text);
    system::system(&pieces(&tokens))
}

/// The architecture: what a name says plainly, then the field, then what `64bit` says.
pub(super) fn architecture(
    pieces: &[Piece<'_>],
    field: Option<&str>,
    described: &[Piece<'_>],
) -> Option<Architecture> {
    let kinds = Meaning::Architecture(Architecture::X86_64).bit();
    let plain = pieces.iter().filter(|piece| piece.is_any(kinds) && !is_count(piece));
    let mut plain = plain.flat_map(|piece| piece.meanings()).filter_map(|meaning| match meaning {
        Meaning::Architecture(architecture) => Some(*architecture),
        _ => None,
    });
    if let Some(first) = plain.next() {
        return Some(first).filter(|_| plain.all(|other| other == first));
    }
    let by_field = || {
        let described = || (!described.is_empty()).then(|| architecture(described, None, &[]));
        field.and_then(Architecture::of_word).or_else(|| described().flatten())
    };
    by_field().or_else(|| {
        if pieces::bits(pieces) & Meaning::Bits("").bit() == 0 {
            return None;
        }
        let says = |meaning| pieces.iter().any(|piece| piece.says(meaning));
        match (
            says(Meaning::Arm),
            says(Meaning::X86),
            says(Meaning::Bits("64")),
            says(Meaning::Bits("32")),
        ) {
            (true, false, true, false) => Some(Architecture::Aarch64),
            (true, false, false, true) => Some(Architecture::Armv7),
            (false, _, true, false) => Some(Architecture::X86_64),
            (false, _, false, true) => Some(Architecture::I686),
            _ => None,
        }
    })
}

/// `x32` right behind a number is a count: `h100x32`.
fn is_count(piece: &Piece<'_>) -> bool {
    piece.gap == super::tokens::Gap::None
        && piece.text().eq_ignore_ascii_case("x")
        && piece.parts().len() == 2
}
