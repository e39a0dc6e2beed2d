//! How much a file may cost to read: the section `[reading]` of a person's
//! settings. Plain numbers; who enforces which of them is written at each field.

use std::time::Duration;

use serde::{Deserialize, Serialize};

const MIB: u64 = 1024 * 1024;

/// Bounds of one reading. The defaults leave a wide margin over the worst real
/// document that was measured (154 pages of PDF: 12.5 s and 254 MB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest source file, and largest document inside one, in bytes. The
    /// file's is held by the parent before anything opens it, a part's by the
    /// worker.
    pub source_bytes: u64,
    /// Most text of one page and of one document, in bytes of UTF-8. Held by
    /// the worker for a page and by the parent for the document, with all that
    /// the worker may say beside it: the parent takes no more than four times
    /// as much, and 16 MiB.
    pub text_bytes: u64,
    /// Most pages that are read. Held by the worker.
    pub pages: u32,
    /// Address space in bytes of the worker, and of each program that it starts
    /// (`RLIMIT_AS`, where the system has it); the parent also ends a worker
    /// whose resident memory passes it together with theirs.
    pub memory_bytes: u64,
    /// Seconds until the first page; also the longest wait between two pages.
    /// Held by the parent.
    pub seconds: u64,
    /// Seconds that each page which did arrive adds to the whole. Held by the
    /// parent.
    pub seconds_per_page: u64,
    /// Seconds that a page has beside all the others where character recognition
    /// was asked for; the programs for it are ended after as long. A page took 2
    /// to 13 of them where this was measured. Held by the parent and the worker.
    pub seconds_per_scan: u64,
    /// Seconds after which a reading without character recognition is ended
    /// whatever has been read; also the processor time that the worker has for
    /// it (`RLIMIT_CPU`), so that one whose parent cannot end it ends by itself.
    pub seconds_in_all: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes: 64 * MIB,
            text_bytes: 64 * MIB,
            pages: 10_000,
            memory_bytes: 2048 * MIB,
            seconds: 30,
            seconds_per_page: 1,
            seconds_per_scan: 60,
            seconds_in_all: 600,
        }
    }
}

impl Limits {
    /// How long a page may be waited for, `ocr` where pages that are images are
    /// put through character recognition.
    #[must_use]
    pub fn patience(&self, ocr: bool) -> Duration {
        let scan = if ocr { self.seconds_per_scan } else { 0 };
        Duration::from_secs(self.seconds.saturating_add(scan))
    }

    /// How long a worker that has delivered `pages` pages may have run in all.
    #[must_use]
    pub fn wall(&self, pages: usize, ocr: bool) -> Duration {
        let pages = u64::try_from(pages).unwrap_or(u64::MAX);
        let earned = self.seconds.saturating_add(self.seconds_per_page.saturating_mul(pages));
        let scans = if ocr { pages.saturating_add(1) } else { 0 };
        let recognised = self.seconds_per_scan.saturating_mul(scans);
        Duration::from_secs(earned.min(self.seconds_in_all).saturating_add(recognised))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_read_earns_time_up_to_the_end_of_all_patience() {
        let limits = Limits::default();
        assert_eq!(limits.wall(0, false), Duration::from_secs(30));
        assert_eq!(limits.wall(154, false), Duration::from_secs(184));
        assert_eq!(limits.wall(usize::MAX, false), Duration::from_mins(10));
    }

    #[test]
    fn a_page_that_is_recognised_has_its_time_beside_all_the_others() {
        let limits = Limits::default();
        assert_eq!(limits.patience(false), Duration::from_secs(30));
        assert_eq!(limits.patience(true), Duration::from_secs(90));
        assert_eq!(limits.wall(0, true), Duration::from_secs(90));
        // A book of a thousand scans: ten minutes would be gone after a tenth.
        assert_eq!(limits.wall(1000, true), Duration::from_mins(10 + 1001));
    }
}
