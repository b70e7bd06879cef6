//! The name and the fields of a service together.

use super::pieces::{self, Piece, pieces};
use super::recent::Recent;
use super::system::{self, System};
use super::tokens::tokens;
use super::words::Meaning;
use super::{Hints, releases};
use crate::catalog::{Architecture, Version};
use std::cell::RefCell;

thread_local! {
    static RECENT: RefCell<Recent<3, Said>> = const { RefCell::new(Recent::new()) };
}

/// What the fields say of the system, and the description of the architecture.
#[derive(Clone, Default)]
pub(super) struct Said {
    system: System,
    architecture: Option<Architecture>,
}

impl Said {
    pub(super) fn by(hints: &Hints<'_>) -> Self {
        let texts = [hints.distribution, hints.version, hints.description];
        if texts[0].is_none() && texts[2].is_none() {
            return Self::default();
        }
        if let Some(known) = RECENT.with_borrow(|recent| recent.find(texts)) {
            return known;
        }
        let described = tokens(hints.description.unwrap_or_default());
        let described = pieces(&described);
        let said = Self {
            system: field(hints, &described),
            architecture: plain(&described).unwrap_or_else(|| by_bits(&described)),
        };
        RECENT.with_borrow_mut(|recent| recent.add(texts, &said));
        said
    }
}

/// The system by the name, completed by the fields.
pub(super) fn system(pieces: &[Piece<'_>], named: System, said: &Said) -> System {
    let field = &said.system;
    let Some(place) = field.place else { return named };
    match named.place {
        None => {
            let version = system::version_of(pieces, place).version;
            let serves =
                |version: &Version| field.version.is_some() || is_sure(pieces, place, version);
            System::of(place, finer(field.version.clone(), version.filter(serves)))
        }
        Some(own) if own == place => {
            let version = finer(named.version.clone(), field.version.clone());
            if version == named.version { named } else { System::of(place, version) }
        }
        Some(_) => named,
    }
}

/// Whether a number of a name that names no system is a version: the name begins with it, as `12 x64` does,
/// or it has a form that nothing else has. `11` of `web-11` may count hosts.
fn is_sure(pieces: &[Piece<'_>], place: usize, version: &Version) -> bool {
    pieces.first().is_some_and(Piece::is_number)
        || (releases::all()[place].distinct && version.as_str().contains('.'))
}

/// The first version, or the second one if it is a more precise form of the first.
fn finer(first: Option<Version>, second: Option<Version>) -> Option<Version> {
    match (first, second) {
        (Some(first), Some(second)) if second.is_release_of(&first) => Some(second),
        (first, second) => first.or(second),
    }
}

/// What the fields say. Fields that contradict each other say nothing.
fn field(hints: &Hints<'_>, described: &[Piece<'_>]) -> System {
    let described = system::system(described);
    let Some(distribution) = hints.distribution else { return described };
    let plain = releases::place(distribution);
    if plain.is_some() && plain == releases::place("windows") {
        return windows(hints.version, described);
    }
    let spelled = of_text(distribution);
    let Some(place) = plain.or(spelled.place) else {
        return described;
    };
    if described.place.is_some_and(|other| other != place) {
        return System::default();
    }
    let version = |text: &str| {
        let tokens = tokens(text);
        system::version_of(&pieces(&tokens), place).version
    };
    let version = hints.version.and_then(version).or(spelled.version);
    System::of(place, finer(described.version, version))
}

/// What is said by the word `windows`, which services use for Windows and for Windows Server: a description tells which,
/// and so does a version.
fn windows(version: Option<&str>, described: System) -> System {
    let told = version.map(|version| of_text(&format!("windows {version}"))).unwrap_or_default();
    let (Some(place), Some(other)) = (described.place, told.place) else {
        let either = ["windows", "windows-server"].map(releases::place);
        let said = if described.place.is_some() { described } else { told };
        return if either.contains(&said.place) { said } else { System::default() };
    };
    if place == other {
        System::of(place, finer(described.version, told.version))
    } else {
        System::default()
    }
}

fn of_text(text: &str) -> System {
    let tokens = tokens(text);
    system::system(&pieces(&tokens))
}

/// The architecture: what a name says plainly, then the fields, then what `64bit` says.
pub(super) fn architecture(
    pieces: &[Piece<'_>],
    field: Option<&str>,
    said: &Said,
) -> Option<Architecture> {
    plain(pieces).unwrap_or_else(|| {
        let field = field.and_then(Architecture::of_word).or(said.architecture);
        field.or_else(|| by_bits(pieces))
    })
}

/// What is said plainly: nothing certain if words contradict each other.
fn plain(pieces: &[Piece<'_>]) -> Option<Option<Architecture>> {
    let kinds = Meaning::Architecture(Architecture::X86_64).bit();
    let plain = pieces.iter().filter(|piece| piece.is_any(kinds) && !is_count(piece));
    let mut plain = plain.flat_map(|piece| piece.meanings()).filter_map(|meaning| match meaning {
        Meaning::Architecture(architecture) => Some(*architecture),
        _ => None,
    });
    let first = plain.next()?;
    Some(plain.all(|other| other == first).then_some(first))
}

fn by_bits(pieces: &[Piece<'_>]) -> Option<Architecture> {
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
}

/// `x32` right behind a number is a count: `h100x32`.
fn is_count(piece: &Piece<'_>) -> bool {
    piece.gap == super::tokens::Gap::None
        && piece.text().eq_ignore_ascii_case("x")
        && piece.parts().len() == 2
}
