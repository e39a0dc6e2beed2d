//! How tokens are drawn, in mistral.rs's terms.

use mistralrs::SamplingParams;

use crate::domain::prompt::Sampling;

/// Greedy decoding. `SamplingParams::deterministic` alone has a temperature of
/// 1 over a single token, which sorts the whole vocabulary to the same end.
pub fn greedy() -> SamplingParams {
    SamplingParams { temperature: Some(0.0), ..SamplingParams::deterministic() }
}

pub fn params(sampling: Sampling) -> SamplingParams {
    if sampling.temperature <= 0.0 {
        return greedy();
    }
    SamplingParams {
        temperature: Some(sampling.temperature),
        top_p: Some(sampling.top_p),
        ..SamplingParams::neutral()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_temperature_means_the_likeliest_token() {
        let p = params(Sampling::GREEDY);
        assert_eq!((p.temperature, p.top_k), (Some(0.0), Some(1)));
    }

    #[test]
    fn a_temperature_is_given_as_asked_and_nothing_else_with_it() {
        let p = params(Sampling { temperature: 0.3, top_p: 0.9 });
        assert_eq!((p.temperature, p.top_p, p.top_k, p.min_p), (Some(0.3), Some(0.9), None, None));
    }
}
