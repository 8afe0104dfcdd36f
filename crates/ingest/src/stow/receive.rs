//! The way of the parts: network, staging file, check, batch.

use std::sync::Arc;

use cordon_contribute::Policy;
use cordon_protocol::Verdict;
use tokio::task::JoinSet;

use super::Request;
use super::commit::{self, Incoming};
use crate::check::{self, Passed, Refused};
use crate::error::{ApiFailure, IngestError};
use crate::failures::Failure;
use crate::multipart::{ContentType, Parts, Source};
use crate::state::State;
use crate::store::Staged;

/// Parts committed together.
const BATCH: usize = 32;
/// Parts of one request whose check is waiting or running.
const AHEAD: usize = 16;
/// Parts of one request.
const MAX_PARTS: usize = 20_000;

/// What became of one part.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// It is here, now or from before.
    Stored {
        sop_class: String,
        instance: String,
        study: String,
        series: String,
    },
    /// It is not.
    Failed {
        sop_class: Option<String>,
        instance: Option<String>,
        failure: Failure,
    },
}

impl Outcome {
    pub(super) fn failed(failure: Failure) -> Self {
        Self::Failed {
            sop_class: None,
            instance: None,
            failure,
        }
    }
}

/// What became of every part, in the order of the request.
pub(crate) async fn receive<S: Source + Send>(
    state: &State,
    request: &Arc<Request>,
    parts: &mut Parts<S>,
) -> Result<Vec<Outcome>, ApiFailure> {
    let mut run = Run {
        state,
        request,
        checks: JoinSet::new(),
        ready: Vec::new(),
        results: Vec::new(),
        counted: 0,
    };
    loop {
        let header = match parts.next_part().await {
            Ok(Some(header)) => header,
            Ok(None) => break,
            Err(failure) => {
                run.finish().await?;
                return run.cut_short(failure);
            }
        };
        if run.counted == MAX_PARTS {
            run.finish().await?;
            return Err(ApiFailure::TooManyParts);
        }
        let place = run.next_place();
        let is_dicom = header.content_type.as_deref().is_none_or(|text| {
            ContentType::parse(text).is_some_and(|t| t.essence == "application/dicom")
        });
        if !is_dicom {
            run.set(place, Outcome::failed(Failure::MediaType));
            continue;
        }
        match stage(state, parts).await {
            Ok(Some(staged)) => run.check(place, staged).await?,
            Ok(None) => run.set(place, Outcome::failed(Failure::TooLarge)),
            Err(failure) => {
                run.set(place, Outcome::failed(Failure::Cut));
                run.finish().await?;
                return run.cut_short(failure);
            }
        }
    }
    debug_assert!(parts.is_done());
    run.finish().await?;
    if run.counted == 0 {
        return Err(ApiFailure::NoParts);
    }
    Ok(run.results.into_iter().flatten().collect())
}

/// Writes a part to a staging file; `None` when it is too large.
async fn stage<S: Source + Send>(
    state: &State,
    parts: &mut Parts<S>,
) -> Result<Option<Staged>, ApiFailure> {
    let mut staging = state.store.stage()?;
    while let Some(piece) = parts.chunk().await? {
        if staging.len() + piece.len() as u64 > state.config.limits.part_bytes {
            return Ok(None);
        }
        staging.write(&piece).await?;
    }
    Ok(Some(staging.finish().await?))
}

type Checked = (usize, Staged, Result<Passed, Refused>);

struct Run<'a> {
    state: &'a State,
    request: &'a Arc<Request>,
    checks: JoinSet<Result<Checked, (usize, IngestError)>>,
    ready: Vec<(usize, Incoming)>,
    results: Vec<Option<Outcome>>,
    counted: usize,
}

impl Run<'_> {
    fn next_place(&mut self) -> usize {
        self.results.push(None);
        self.counted += 1;
        self.counted - 1
    }

    fn set(&mut self, place: usize, outcome: Outcome) {
        if let Some(slot) = self.results.get_mut(place) {
            *slot = Some(outcome);
        }
    }

    async fn check(&mut self, place: usize, staged: Staged) -> Result<(), ApiFailure> {
        while self.checks.len() >= AHEAD {
            self.collect_one().await?;
        }
        let state = self.state.clone();
        // A protocol is validated when it is published.
        let policy = Policy::of(&self.request.caller.project.protocol);
        self.checks
            .spawn(async move { run_check(&state, place, staged, policy).await });
        if self.ready.len() >= BATCH {
            self.commit().await?;
        }
        Ok(())
    }

    async fn collect_one(&mut self) -> Result<(), ApiFailure> {
        match self.checks.join_next().await {
            None => {}
            Some(Ok(Ok((place, staged, checked)))) => self.sort(place, staged, checked),
            Some(Ok(Err((place, error)))) => {
                tracing::error!(%error, "an instance could not be checked");
                self.set(place, Outcome::failed(Failure::Internal));
            }
            // The task that waits for the check ended early, which only a shutdown does.
            Some(Err(_)) => return Err(ApiFailure::Storage),
        }
        Ok(())
    }

    /// The server's policy: what is held needs a contribution in which a person can release it.
    fn sort(&mut self, place: usize, staged: Staged, checked: Result<Passed, Refused>) {
        let passed = match checked {
            Ok(passed) => passed,
            Err(refused) => {
                let outcome = Outcome::Failed {
                    sop_class: refused.sop_class,
                    instance: refused.instance,
                    failure: refused.failure,
                };
                return self.set(place, outcome);
            }
        };
        match self.policy(&passed) {
            Some(failure) => {
                let outcome = Outcome::Failed {
                    sop_class: Some(passed.index.sop_class),
                    instance: Some(passed.index.instance),
                    failure,
                };
                self.set(place, outcome);
            }
            None => self.ready.push((place, Incoming { staged, passed })),
        }
    }

    fn policy(&self, passed: &Passed) -> Option<Failure> {
        let protocol = &self.request.caller.project.protocol;
        let modalities = &protocol.accept.modalities;
        if !modalities.is_empty() && !modalities.contains(&passed.index.modality) {
            return Some(Failure::Modality);
        }
        if self
            .request
            .study
            .as_ref()
            .is_some_and(|s| *s != passed.index.study)
        {
            return Some(Failure::OtherStudy);
        }
        if passed.verdict == Verdict::Held {
            if !protocol.approval.held_may_be_approved {
                return Some(Failure::HeldForbidden);
            }
            if self.request.contribution.is_none() {
                return Some(Failure::HeldAlone);
            }
        }
        None
    }

    async fn commit(&mut self) -> Result<(), ApiFailure> {
        if self.ready.is_empty() {
            return Ok(());
        }
        let mut batch = std::mem::take(&mut self.ready);
        // Checks end in any order; rows are written in the order of the request.
        batch.sort_by_key(|(place, _)| *place);
        let (state, request) = (self.state.clone(), self.request.clone());
        // A task of its own: when the client goes away, this request ends where it
        // stands, and a batch must not end between its places and its rows.
        let task = tokio::spawn(async move { commit::commit(&state, &request, batch).await });
        let outcomes = task.await.map_err(|_| ApiFailure::Storage)??;
        for (place, outcome) in outcomes {
            self.set(place, outcome);
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), ApiFailure> {
        while !self.checks.is_empty() {
            self.collect_one().await?;
        }
        self.commit().await?;
        commit::note_refusals(self.state, self.request, self.results.iter().flatten()).await?;
        Ok(())
    }

    /// The request broke off. What came whole before is kept and answered for;
    /// a request of which nothing came whole is simply wrong.
    fn cut_short(self, failure: ApiFailure) -> Result<Vec<Outcome>, ApiFailure> {
        let results: Vec<Outcome> = self.results.into_iter().flatten().collect();
        let stored = |o: &Outcome| matches!(o, Outcome::Stored { .. });
        if failure == ApiFailure::BadMultipart && results.iter().any(stored) {
            Ok(results)
        } else {
            Err(failure)
        }
    }
}

async fn run_check(
    state: &State,
    place: usize,
    staged: Staged,
    policy: Policy,
) -> Result<Checked, (usize, IngestError)> {
    let closed = |_| (place, IngestError::InUse);
    let slot = state.checks.clone().acquire_owned().await.map_err(closed)?;
    let memory = state
        .memory(&state.check_memory, staged.bytes)
        .await
        .map_err(|error| (place, error))?;
    let task = tokio::task::spawn_blocking(move || {
        // Until the work is done, whether or not anybody still waits for it.
        let _held = (slot, memory);
        let bytes = staged.sync_and_read()?;
        // A panic in the check is a refusal, not the end of the request.
        let checked =
            std::panic::catch_unwind(|| check::check(&bytes, policy)).unwrap_or(Err(Refused {
                sop_class: None,
                instance: None,
                failure: Failure::Internal,
            }));
        Ok::<_, std::io::Error>((staged, checked))
    });
    match task.await {
        Ok(Ok((staged, checked))) => Ok((place, staged, checked)),
        Ok(Err(error)) => Err((place, error.into())),
        Err(_) => Err((
            place,
            IngestError::Io(std::io::Error::other("a check did not end")),
        )),
    }
}
