//! How a model turns positions into rotations (`RoPE`), read from its GGUF and
//! held against what the engine can do. Reads metadata and the rotation's
//! divisors, no weights.

use std::f32::consts::PI;

use super::arch::Architecture;
use super::error::ModelError;
use super::gguf::Gguf;

/// Llama 3.1's and 3.2's own constants for stretching the rotation; only the factor
/// differs between the two (8 and 32). From Meta's published configurations.
pub(super) const LOW_FREQUENCY: f32 = 1.0;
pub(super) const HIGH_FREQUENCY: f32 = 4.0;
const ORIGINAL_CONTEXT: f32 = 8192.0;

/// How positions past the original context are squeezed.
#[derive(Debug, Clone, PartialEq)]
pub enum Rope {
    Plain,
    Linear {
        factor: f32,
    },
    Llama3 {
        factor: f32,
    },
    /// Phi-3's: divisors for texts up to `original` tokens and for longer ones.
    Long {
        short: Vec<f32>,
        long: Vec<f32>,
        original: usize,
    },
}

/// What of a model its rotation depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rotation {
    pub architecture: Architecture,
    /// Of its frequencies.
    pub base: f32,
    /// Values of a head that are rotated, two by two.
    pub rotated: usize,
    /// What the model was stretched to, in tokens.
    pub context: usize,
}

/// The model's rotation.
///
/// # Errors
/// [`ModelError::Missing`] for a factor, [`ModelError::Damaged`] for factors that
/// make no sense, [`ModelError::Unsupported`] for a rule that the engine's loader
/// of this architecture does not have.
pub(super) fn read(gguf: &mut Gguf, of: Rotation) -> Result<Rope, ModelError> {
    match of.architecture {
        Architecture::Llama => read_llama(gguf, of),
        Architecture::Phi3 => read_phi3(gguf, of),
        _ => match scaling(gguf, of.architecture)? {
            Scaling::None => Ok(Rope::Plain),
            other => Err(unsupported(gguf, &other)),
        },
    }
}

/// What a file says of scaling.
#[derive(Debug, PartialEq)]
enum Scaling {
    None,
    Linear(f32),
    /// Another kind by its name, with a factor that is 1 where none is stated.
    Other(String, f32),
}

/// The rule is llama.cpp's (`load_hparams`): where no kind is named it is linear,
/// and the factor stands under its own key or an old one; 0 and 1 change nothing.
fn scaling(gguf: &Gguf, architecture: Architecture) -> Result<Scaling, ModelError> {
    let key = |name: &str| format!("{}.rope.{name}", architecture.name());
    let stated = gguf.float(&key("scaling.factor")).or_else(|| gguf.float(&key("scale_linear")));
    let factor = stated.filter(|factor| *factor != 0.0).unwrap_or(1.0);
    if !factor.is_finite() || factor < 0.0 {
        let what = format!("its RoPE scaling factor is {factor}");
        return Err(ModelError::damaged(gguf.path(), what));
    }
    match gguf.text(&key("scaling.type")) {
        Some("none") => Ok(Scaling::None),
        Some("linear") if stated.is_none() => {
            Err(ModelError::missing(gguf.path(), "its RoPE scaling factor"))
        }
        None | Some("linear") if is_one(factor) => Ok(Scaling::None),
        None | Some("linear") => Ok(Scaling::Linear(factor)),
        Some(other) => Ok(Scaling::Other(other.to_owned(), factor)),
    }
}

/// A factor that changes nothing.
fn is_one(factor: f32) -> bool {
    (factor - 1.0).abs() < f32::EPSILON
}

fn unsupported(gguf: &Gguf, scaling: &Scaling) -> ModelError {
    let kind = match scaling {
        Scaling::None => "none",
        Scaling::Linear(_) => "linear",
        Scaling::Other(kind, _) => kind,
    };
    ModelError::unsupported(gguf.path(), format!("RoPE scaling of the kind \"{kind}\""))
}

fn read_llama(gguf: &mut Gguf, of: Rotation) -> Result<Rope, ModelError> {
    let path = gguf.path().to_owned();
    let named = match scaling(gguf, of.architecture)? {
        Scaling::None => Rope::Plain,
        Scaling::Linear(factor) => Rope::Linear { factor },
        other @ Scaling::Other(..) => return Err(unsupported(gguf, &other)),
    };
    let factors = vector(gguf, "rope_freqs.weight", of.rotated / 2)?;
    let Some(factors) = factors else { return Ok(named) };
    match llama3_factor(&factors, of.base) {
        Some(1.0) => Ok(named),
        Some(factor) if named == Rope::Plain => Ok(Rope::Llama3 { factor }),
        _ => Err(ModelError::unsupported(
            &path,
            "RoPE factors that are not those of Llama 3.1 or 3.2",
        )),
    }
}

/// The engine scales what it rotates by its own formula, which the file may
/// contradict.
fn read_phi3(gguf: &mut Gguf, of: Rotation) -> Result<Rope, ModelError> {
    let path = gguf.path().to_owned();
    let scaling = scaling(gguf, of.architecture)?;
    let is_long = match &scaling {
        Scaling::None => true,
        // llama.cpp would divide the positions as well, which the engine does not.
        Scaling::Other(kind, factor) => {
            matches!(kind.as_str(), "longrope" | "su") && is_one(*factor)
        }
        Scaling::Linear(_) => false,
    };
    if !is_long {
        return Err(unsupported(gguf, &scaling));
    }
    let short = vector(gguf, "rope_factors_short.weight", of.rotated / 2)?;
    let long = vector(gguf, "rope_factors_long.weight", of.rotated / 2)?;
    let (short, long) = match (short, long) {
        (None, None) if scaling == Scaling::None => return Ok(Rope::Plain),
        (Some(short), Some(long)) => (short, long),
        _ => return Err(ModelError::missing(&path, "one of its two lists of RoPE factors")),
    };
    let original = gguf
        .number("phi3.rope.scaling.original_context_length")
        .filter(|original| *original > 1)
        .ok_or_else(|| ModelError::missing(&path, "the context before RoPE was stretched"))?;
    let expected = long_scale(of.context, original);
    match gguf.float("phi3.rope.scaling.attn_factor") {
        Some(stated) if (stated - expected).abs() > 1e-3 => Err(ModelError::unsupported(
            &path,
            format!("a RoPE attention factor of {stated} instead of {expected}"),
        )),
        _ => Ok(Rope::Long { short, long, original }),
    }
}

/// What Phi-3's long rotation is multiplied by: sqrt(1 + ln s / ln original),
/// where s is the stretch.
#[expect(clippy::cast_precision_loss, reason = "contexts are far below 2^24 or round")]
fn long_scale(context: usize, original: usize) -> f32 {
    let (context, original) = (context as f32, original as f32);
    if context <= original {
        return 1.0;
    }
    (1.0 + (context / original).ln() / original.ln()).sqrt()
}

/// The tensor of that name, which has to be one row of `length` values.
fn vector(gguf: &mut Gguf, name: &str, length: usize) -> Result<Option<Vec<f32>>, ModelError> {
    let Some(matrix) = gguf.matrix(name)? else { return Ok(None) };
    if (matrix.rows, matrix.columns) != (1, length) {
        let (rows, columns) = (matrix.rows, matrix.columns);
        let what =
            format!("the RoPE factors {name} are {rows} × {columns} values instead of {length}");
        return Err(ModelError::damaged(gguf.path(), what));
    }
    gguf.rows(&matrix, 0, 1).map(Some)
}

/// The factor from which Llama 3's rule makes exactly these divisors, one for
/// each pair of a head's values; `None` where no factor does.
///
/// The rule leaves short wavelengths alone, divides the frequency of long ones
/// by the factor, and blends between; so the largest divisor is the factor.
fn llama3_factor(divisors: &[f32], rope_base: f32) -> Option<f32> {
    let factor = divisors.iter().copied().fold(1.0, f32::max);
    let pairs = u16::try_from(divisors.len()).ok()?;
    let agree = (0..pairs).zip(divisors).all(|(pair, divisor)| {
        let wavelength = 2.0 * PI * rope_base.powf(f32::from(pair) / f32::from(pairs));
        let expected = llama3_divisor(wavelength, factor);
        (divisor - expected).abs() <= 1e-3 * expected
    });
    (agree && pairs > 0).then_some(factor)
}

fn llama3_divisor(wavelength: f32, factor: f32) -> f32 {
    if wavelength < ORIGINAL_CONTEXT / HIGH_FREQUENCY {
        return 1.0;
    }
    if wavelength > ORIGINAL_CONTEXT / LOW_FREQUENCY {
        return factor;
    }
    let smooth = (ORIGINAL_CONTEXT / wavelength - LOW_FREQUENCY) / (HIGH_FREQUENCY - LOW_FREQUENCY);
    1.0 / ((1.0 - smooth) / factor + smooth)
}
