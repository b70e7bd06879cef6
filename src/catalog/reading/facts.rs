//! What a name says as a whole, and what a number in it is not.

use super::pieces::{Kind, Piece};
use super::tokens::Gap;
use super::words::Meaning;

/// What the whole name says, found once.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    /// ParallelCluster is named.
    pub(super) is_for_clusters: bool,
    /// Data centers or containers are named, which are for Windows Server only.
    pub(super) is_for_servers: bool,
}

impl Facts {
    pub(super) fn of(pieces: &[Piece<'_>]) -> Self {
        let says = |words: &[Meaning]| {
            pieces.iter().any(|piece| words.iter().any(|word| piece.says(*word)))
        };
        Self {
            is_for_clusters: says(&[Meaning::Parallelcluster]),
            is_for_servers: says(&[Meaning::Edition("datacenter"), Meaning::Extra("containerd")]),
        }
    }
}

/// A number with letters right behind it is an amount, `20G`.
pub(super) fn has_unit(pieces: &[Piece<'_>], at: usize) -> bool {
    pieces.get(at + 1).is_some_and(|next| {
        let word = matches!(next.kind, Kind::Unknown) || next.says(Meaning::Taker);
        word && next.gap == Gap::None && next.text().is_ascii() && next.text() != "s"
    })
}
