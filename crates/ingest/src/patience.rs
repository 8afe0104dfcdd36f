//! A connection whose other end has to read.
//!
//! A client that asks for something large and never reads it keeps its connection for as long as it
//! likes: there is a limit on connections, and soon nobody else has one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A stream that ends in an error when nothing of what is written to it gets through for too long.
#[derive(Debug)]
pub(crate) struct Patient<S> {
    stream: S,
    longest: Duration,
    /// When patience ends, while something waits to be written.
    end: Pin<Box<Sleep>>,
    waits: bool,
}

impl<S> Patient<S> {
    pub(crate) fn new(stream: S, longest: Duration) -> Self {
        Self {
            stream,
            longest,
            end: Box::pin(tokio::time::sleep(longest)),
            waits: false,
        }
    }

    /// What a write came to, or an error when it has come to nothing for too long.
    fn judged<T>(
        &mut self,
        done: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.waits = false;
            return done;
        }
        if !self.waits {
            self.waits = true;
            self.end.as_mut().reset(Instant::now() + self.longest);
        }
        match self.end.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.judged(done, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.judged(done, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(cx);
        self.judged(done, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.judged(done, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test(start_paused = true)]
    async fn who_does_not_read_is_left() {
        let (ours, theirs) = tokio::io::duplex(16);
        let mut ours = Patient::new(ours, Duration::from_secs(30));
        let written = ours.write_all(&[0; 64]).await;
        assert_eq!(written.map_err(|e| e.kind()), Err(io::ErrorKind::TimedOut));
        drop(theirs);
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_gets_everything() {
        let (ours, mut theirs) = tokio::io::duplex(16);
        let mut ours = Patient::new(ours, Duration::from_secs(30));
        let reading = tokio::spawn(async move {
            let (mut all, mut piece) = (Vec::new(), [0; 16]);
            loop {
                tokio::time::sleep(Duration::from_secs(20)).await;
                match theirs.read(&mut piece).await {
                    Ok(n) if n > 0 => all.extend_from_slice(&piece[..n]),
                    _ => return all.len(),
                }
            }
        });
        ours.write_all(&[7; 160]).await.expect("patience");
        ours.shutdown().await.expect("an end");
        drop(ours);
        assert_eq!(reading.await.expect("a reader"), 160);
    }
}
