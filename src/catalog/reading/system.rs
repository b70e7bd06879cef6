//! Which system a name names, and its version.

use super::parts::Parts;
use super::pieces::{self, Agreed, Kind, Piece, has_unit, joined, version};
use super::releases::{self, Releases, is_release};
use super::tokens::Gap;
use super::windows;
use super::words::Meaning;
use crate::catalog::{Distribution, Version};
use crate::types::Text;

/// The system of an image.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct System {
    /// The place in `releases::all`.
    pub(super) place: Option<usize>,
    pub(super) version: Option<Version>,
    pub(super) codename: Option<Text>,
    pub(super) lts: Option<bool>,
}

impl System {
    pub(super) fn distribution(&self) -> Option<Distribution> {
        Some(self.releases()?.row.distribution.clone())
    }

    pub(super) fn releases(&self) -> Option<&'static Releases> {
        releases::all().get(self.place?)
    }

    /// A system with what follows from its version.
    pub(super) fn of(place: usize, version: Option<Version>) -> Self {
        let releases = &releases::all()[place];
        let text = version.as_ref().map_or("", Version::as_str);
        Self {
            codename: releases.codename(text).map(|codename| codename.word.as_str().into()),
            lts: releases.is_long_term(text),
            place: Some(place),
            version,
        }
    }
}

/// How far from its distribution a version stands, in pieces.
const REACH: usize = 16;

/// A place in a name that names a system.
struct Mention {
    place: usize,
    version: Option<Version>,
}

/// What the whole name says, found once.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    /// ParallelCluster is named.
    is_for_clusters: bool,
    /// Data centers or containers are named, which are for Windows Server only.
    is_for_servers: bool,
}

impl Facts {
    fn of(pieces: &[Piece<'_>], bits: u32) -> Self {
        const SERVERS: [Meaning; 2] =
            [Meaning::Edition("datacenter"), Meaning::Extra("containerd")];
        let is_for_servers = |piece: &Piece<'_>| SERVERS.iter().any(|word| piece.says(*word));
        Self {
            is_for_clusters: bits & Meaning::Parallelcluster.bit() != 0,
            is_for_servers: bits & Meaning::WINDOWS != 0 && pieces.iter().any(is_for_servers),
        }
    }
}

/// Reads the system. Names of two systems name none: which one it is would be a guess.
pub(super) fn system(pieces: &[Piece<'_>]) -> System {
    let bits = pieces::bits(pieces);
    let facts = Facts::of(pieces, bits);
    let mut mentions = (0..pieces.len()).filter_map(|at| mention(pieces, at, facts));
    let Some(first) = mentions.next() else {
        let has_codename = bits & Meaning::Codename(0, 0).bit() != 0;
        return if has_codename { by_codename(pieces) } else { System::default() };
    };
    let mut versions = Agreed::default().also(first.version);
    for mention in mentions {
        if mention.place != first.place {
            return System::default();
        }
        versions = versions.also(mention.version);
    }
    of_release(pieces, first.place, versions.version())
}

/// Reads the version of a system that is known from elsewhere.
pub(super) fn version_of(pieces: &[Piece<'_>], place: usize) -> System {
    let windows = releases::place("windows");
    let server = releases::place("windows-server");
    let version = if Some(place) == windows || Some(place) == server {
        let found = windows::release(pieces, 0, Some(place) == server);
        found
            .filter(|(kind, _)| Some(place) == if *kind { server } else { windows })
            .map(|(_, version)| version)
    } else {
        version_after(&releases::all()[place], pieces, 0)
    };
    of_release(pieces, place, version)
}

/// A version by its number, by its code name, or by both; none if they contradict each other.
fn of_release(pieces: &[Piece<'_>], place: usize, version: Option<Version>) -> System {
    let releases = &releases::all()[place];
    let kinds = Meaning::Codename(0, 0).bit();
    let pieces = pieces.iter().filter(|piece| piece.is_any(kinds));
    let named = pieces.flat_map(|piece| piece.meanings()).filter_map(|meaning| match meaning {
        Meaning::Codename(of, name) if *of == place => releases.codenames.get(*name),
        _ => None,
    });
    let named: Vec<_> = named.map(|codename| codename.release).collect();
    let Some(release) = named.first() else { return System::of(place, version) };
    let agree = named.iter().all(|other| other == release);
    let fits = version.as_ref().is_none_or(|version| {
        is_release(version.as_str(), release) || is_release(release, version.as_str())
    });
    let finer = version.filter(|version| is_release(version.as_str(), release));
    let by_name = || release.parse().ok();
    System::of(place, finer.or_else(by_name).filter(|_| agree && fits))
}

/// The system of a code name that stands for it, `jammy-server-cloudimg-amd64.img`.
fn by_codename(pieces: &[Piece<'_>]) -> System {
    let mut places =
        pieces.iter().flat_map(|piece| piece.meanings()).filter_map(|meaning| match meaning {
            Meaning::Codename(place, name) => Some(*place).filter(|place| {
                releases::all()[*place].codenames.get(*name).is_some_and(|one| one.alone)
            }),
            _ => None,
        });
    match places.next() {
        Some(place) if places.all(|other| other == place) => of_release(pieces, place, None),
        _ => System::default(),
    }
}

fn mention(pieces: &[Piece<'_>], at: usize, facts: Facts) -> Option<Mention> {
    let piece = &pieces[at];
    if !piece.is_any(Meaning::SYSTEMS) {
        return None;
    }
    if let Some((server, version)) = windows::mention(pieces, at, facts.is_for_servers) {
        let place = releases::place(if server { "windows-server" } else { "windows" })?;
        return Some(Mention { place, version });
    }
    let mut candidates = piece.meanings().iter().filter_map(|meaning| {
        let (place, certain) = match *meaning {
            Meaning::Distribution(place) => (place, true),
            Meaning::DistributionBeforeVersion(place) => (place, false),
            Meaning::DistributionInSegment(place) => (place, is_segment(pieces, at)),
            _ => return None,
        };
        let place = stream(pieces, at, place);
        let version = version_after(&releases::all()[place], pieces, at + 1);
        (certain || version.is_some()).then_some(Mention { place, version })
    });
    let first = candidates.next()?;
    let Some(second) = candidates.next() else { return Some(first) };
    // ParallelCluster writes `alinux2` for Amazon Linux; elsewhere that is Alibaba Cloud Linux.
    let aws = releases::place("amzn").filter(|_| facts.is_for_clusters);
    [first, second].into_iter().find(|mention| Some(mention.place) == aws)
}

/// CentOS is CentOS Stream if the word follows, before or after the version.
fn stream(pieces: &[Piece<'_>], at: usize, place: usize) -> usize {
    if releases::all()[place].row.distribution != Distribution::CENTOS {
        return place;
    }
    let ends = |piece: &&Piece<'_>| {
        piece.meanings().iter().any(|one| matches!(one, Meaning::Distribution(_)))
    };
    let mut follows = pieces[at + 1..].iter().take(4).take_while(|piece| !ends(piece));
    let is_stream = follows.any(|piece| {
        piece.says(Meaning::Stream) || (piece.gap == Gap::None && piece.text() == "s")
    });
    if is_stream { releases::place("centos-stream").unwrap_or(place) } else { place }
}

fn is_segment(pieces: &[Piece<'_>], at: usize) -> bool {
    let ends = |at: usize| pieces.get(at).is_none_or(|piece| piece.gap == Gap::Segment);
    (at == 0 || ends(at)) && ends(at + 1)
}

/// The kinds of words behind which one number is still a version: `22` of `ubuntu-server-jammy-22`.
const HARMLESS: u32 = Meaning::Filler.bit() | Meaning::Codename(0, 0).bit();

/// The version that follows, if it is one of the distribution.
fn version_after(releases: &Releases, pieces: &[Piece<'_>], start: usize) -> Option<Version> {
    let mut unknown = false;
    // Whether only harmless words stand between.
    let mut near = true;
    for (at, piece) in pieces.iter().enumerate().skip(start).take(REACH) {
        match piece.kind {
            Kind::Number if piece.taken => unknown = false,
            Kind::Number => {
                let belongs = !unknown || piece.gap == Gap::Segment;
                // One component alone may be the number of anything, unless it stands near the system.
                let counts = |parts: &Parts<'_>| {
                    let product = at > 0 && pieces[at - 1].says(Meaning::Product);
                    parts.len() > 1 || (!product && (near || !releases.distinct))
                };
                let parts = version_at(releases, pieces, at)
                    .filter(|parts| belongs && piece.gap != Gap::Break && counts(parts));
                // In 23.11.3019.8bf65, the letters belong to the build.
                if let Some(parts) =
                    parts.filter(|parts| parts.len() < piece.parts().len() || !has_unit(pieces, at))
                {
                    return refined(releases, pieces, at, &parts);
                }
                if !releases.distinct {
                    return None;
                }
                unknown = false;
            }
            Kind::Date | Kind::Unknown => {
                if !releases.distinct {
                    return None;
                }
                unknown = matches!(piece.kind, Kind::Unknown);
            }
            Kind::Word(_) => {
                let stops = |meaning: &Meaning| match meaning {
                    Meaning::Distribution(_) | Meaning::Windows | Meaning::WindowsServer => true,
                    Meaning::Taker => !releases.distinct,
                    _ => false,
                };
                if piece.meanings().iter().any(stops) {
                    return None;
                }
                unknown = false;
            }
        }
        near &= piece.is_any(HARMLESS);
    }
    None
}

/// The components of the version at a place.
fn version_at<'a>(releases: &Releases, pieces: &'a [Piece<'a>], at: usize) -> Option<Parts<'a>> {
    let run = pieces[at].number();
    if let [first] = *run {
        // SLES has service packs, and others have minor versions behind a U.
        let pack = if releases.is_coarse(1) { Meaning::Update } else { Meaning::ServicePack };
        let pack = pieces.get(at + 1).filter(|next| next.says(pack)).and(pieces.get(at + 2));
        let pack =
            pack.filter(|pack| matches!(pack.gap, Gap::None | Gap::Space)).map(Piece::number);
        if let Some([pack]) = pack.as_deref() {
            let parts = [first, *pack];
            if releases.length(&parts) == Some(2) {
                return Some(parts.into_iter().collect());
            }
        }
        let dashed = joined(pieces, at);
        for count in 2..=dashed.len().min(3) {
            if releases.length(&dashed[..count]) == Some(count) {
                return Some(dashed.first(count));
            }
        }
    }
    if let Some(length) = releases.length(&run) {
        return Some(run.first(length));
    }
    match *run {
        [digits] if digits.len() > 3 || matches!(pieces[at].gap, Gap::None | Gap::Segment) => {
            let (first, second) = digits.split_at(releases.dot(digits)?);
            Some([first, second].into_iter().collect())
        }
        _ => None,
    }
}

/// A later number that says the same version more precisely, such as `8.4` in `AlmaLinux-8-GenericCloud-8.4`.
fn refined(
    releases: &Releases,
    pieces: &[Piece<'_>],
    at: usize,
    parts: &[&str],
) -> Option<Version> {
    let coarse = version(parts)?;
    if !releases.is_coarse(parts.len()) {
        return Some(coarse);
    }
    let finer = |at: usize| {
        let number = pieces[at].number();
        let belongs =
            at > 0 && matches!(pieces[at - 1].kind, Kind::Word(_)) && !has_unit(pieces, at);
        let plain = number.len() > 1 && number[1..].iter().all(|part| part.len() <= 4);
        let length = releases.length(&number).filter(|length| belongs && plain && *length > 1)?;
        version(&number[..length]).filter(|finer| finer.is_release_of(&coarse))
    };
    let finer = Agreed::of((at + 1..pieces.len()).take(REACH).filter_map(finer));
    finer.version().or(Some(coarse))
}
