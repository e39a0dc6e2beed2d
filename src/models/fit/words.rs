//! A refusal in words for the person. Knows the numbers and nothing of how they
//! came about.

use super::Refusal;
use crate::models::Form;

/// Bytes as gigabytes with one decimal, rounded up: a need that is stated too
/// small would send somebody looking for memory that does not suffice.
fn gigabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What there is, rounded down for the same reason.
fn gigabytes_there(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What the model of that title needs, what there is, and what to do.
#[must_use]
pub fn refusal(title: &str, refusal: &Refusal) -> String {
    let parts = &refusal.parts;
    let form = match refusal.form {
        Form::Floats | Form::FloatsWithBlockHead => "weights as floats",
        Form::Blocks => "weights",
    };
    let needs = format!(
        "{title} needs {} GB of memory ({form} {}, embedding {}, keys and values {}, working memory {}, left to other programs {}), and {} GB are free here.",
        gigabytes(refusal.needed),
        gigabytes(parts.weights),
        gigabytes(parts.embedding),
        gigabytes(parts.kv_window.saturating_add(parts.prefixes)),
        gigabytes(parts.scratch.saturating_add(parts.program)),
        gigabytes(refusal.headroom),
        gigabytes_there(refusal.available),
    );
    format!("{needs} {}", advice(refusal))
}

fn advice(refusal: &Refusal) -> String {
    match (&refusal.next_smaller, refusal.fits_when_alone) {
        (Some(smaller), true) => {
            format!("Close other programs, or take {smaller}, which fits now.")
        }
        (Some(smaller), false) => format!("Take {smaller}, which fits now."),
        (None, true) => "Close other programs and try again.".to_owned(),
        (None, false) => {
            "Take a smaller model or a more strongly quantized file of it, or work with recognisers only (--model none).".to_owned()
        }
    }
}
