//! A request's body with a limit on its size and on the client's patience.

use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use crate::config::Limits;
use crate::error::ApiFailure;
use crate::multipart::Source;

/// A body that ends in an error when it is too long, silent too long or too slow.
#[derive(Debug)]
pub(crate) struct Limited {
    stream: BodyDataStream,
    left: u64,
    seen: u64,
    /// Time spent waiting for the client, not for our own disk.
    waited: Duration,
    idle_time: Duration,
    least_rate: u64,
    ended: bool,
}

impl Limited {
    pub(crate) fn new(body: Body, limits: &Limits) -> Self {
        Self {
            stream: body.into_data_stream(),
            left: limits.request_bytes,
            seen: 0,
            waited: Duration::ZERO,
            idle_time: limits.idle_time,
            least_rate: limits.least_rate,
            ended: false,
        }
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, ApiFailure> {
        if self.ended {
            return Ok(None);
        }
        let began = Instant::now();
        let next = tokio::time::timeout(self.idle_time, self.stream.next()).await;
        self.waited += began.elapsed();
        match next {
            Err(_) => {
                self.ended = true;
                Err(ApiFailure::TooSlow)
            }
            Ok(None) => {
                self.ended = true;
                Ok(None)
            }
            Ok(Some(Err(_))) => {
                self.ended = true;
                Err(ApiFailure::BadMultipart)
            }
            Ok(Some(Ok(piece))) => {
                self.seen += piece.len() as u64;
                let due = self
                    .waited
                    .saturating_sub(self.idle_time)
                    .as_secs()
                    .saturating_mul(self.least_rate);
                if self.seen < due {
                    self.ended = true;
                    return Err(ApiFailure::TooSlow);
                }
                Ok(Some(piece))
            }
        }
    }

    /// Reads and forgets what still comes, within reason.
    pub(crate) async fn discard(&mut self) {
        let most = self.seen + (64 << 20);
        let reading =
            async { while self.seen < most && matches!(self.piece().await, Ok(Some(_))) {} };
        // Whether it ended in time changes nothing: the answer goes out either way.
        let _ = tokio::time::timeout(Duration::from_secs(5), reading).await;
    }
}

impl Source for &mut Limited {
    async fn next(&mut self) -> Result<Option<Bytes>, ApiFailure> {
        let Some(piece) = self.piece().await? else {
            return Ok(None);
        };
        self.left = self
            .left
            .checked_sub(piece.len() as u64)
            .ok_or(ApiFailure::RequestTooLarge)?;
        Ok(Some(piece))
    }
}

/// A small body of JSON, read as a whole.
pub(crate) async fn json<T: DeserializeOwned>(
    body: Body,
    limits: &Limits,
    most: usize,
) -> Result<T, ApiFailure> {
    let mut body = Limited::new(body, limits);
    let mut all = Vec::new();
    while let Some(piece) = body.piece().await? {
        if all.len() + piece.len() > most {
            body.discard().await;
            return Err(ApiFailure::RequestTooLarge);
        }
        all.extend_from_slice(&piece);
    }
    serde_json::from_slice(&all).map_err(|_| ApiFailure::BadJson)
}
