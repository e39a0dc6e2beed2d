//! Blocks that the engine does not know, written anew as blocks that it knows
//! and that hold the same values. Knows bytes of blocks, no tensors.
//!
//! All five kinds are a scale times a small whole number. The kinds chosen here
//! hold that number as it is and the scale in 16 bits, so that nothing is
//! quantized a second time: rounding to the nearest `Q4_K` or `Q5_K` block would
//! have been smaller, but would have lost something on every value.
//!
//! Layouts: the ggml project (ggml-common.h, the `dequantize_row_*` functions).

use half::f16;

use super::kinds::Kind;

/// Values of a block of the kinds written here.
const SMALL: usize = 32;
/// Values of a block of the large kinds read here.
const LARGE: usize = 256;

/// What the four bits of `IQ4_NL` and `IQ4_XS` stand for.
const IQ4: [i8; 16] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
/// What the four bits of MXFP4 stand for, in halves.
const MXFP4: [i8; 16] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

/// The kind that holds the values of `kind`; itself where the engine knows it.
pub(super) fn target(kind: Kind) -> Kind {
    match kind {
        Kind::Iq4Nl | Kind::Iq4Xs => Kind::Q8_0,
        Kind::Mxfp4 => Kind::Q5_0,
        Kind::Tq1 | Kind::Tq2 => Kind::Q4_0,
        known => known,
    }
}

/// Whole blocks of `kind` as blocks of its [`target`]; `None` where a scale is
/// no number that 16 bits hold.
pub(super) fn recode(kind: Kind, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() * 2);
    match kind {
        Kind::Iq4Nl => bytes.as_chunks::<18>().0.iter().try_for_each(|b| iq4_nl(b, &mut out))?,
        Kind::Iq4Xs => bytes.as_chunks::<136>().0.iter().try_for_each(|b| iq4_xs(b, &mut out))?,
        Kind::Mxfp4 => bytes.as_chunks::<17>().0.iter().try_for_each(|b| mxfp4(b, &mut out))?,
        Kind::Tq1 => bytes.as_chunks::<54>().0.iter().try_for_each(|b| tq1(b, &mut out))?,
        Kind::Tq2 => bytes.as_chunks::<66>().0.iter().try_for_each(|b| tq2(b, &mut out))?,
        _ => out.extend_from_slice(bytes),
    }
    Some(out)
}

/// A scale of 16 bits, then 16 bytes of two values each.
fn iq4_nl(block: &[u8; 18], out: &mut Vec<u8>) -> Option<()> {
    q8_0(half_at(block, 0), &nibbles(&block[2..], &IQ4), out)
}

/// A scale of 16 bits and eight of six bits for 32 values each: four low bits
/// after two bytes of high ones.
fn iq4_xs(block: &[u8; 136], out: &mut Vec<u8>) -> Option<()> {
    let scale = half_at(block, 0).to_f32();
    let high = u16::from_le_bytes([block[2], block[3]]);
    for part in 0..LARGE / SMALL {
        let low = (block[4 + part / 2] >> (4 * (part % 2))) & 15;
        let high = (high >> (2 * part)) & 3;
        let factor = f32::from(low) + f32::from(high * 16) - 32.0;
        let values = &block[8 + part * 16..][..16];
        q8_0(f16::from_f32(scale * factor), &nibbles(values, &IQ4), out)?;
    }
    Some(())
}

/// A power of two in eight bits, offset by 127, then 16 bytes of two values
/// each; the values are doubled here and the power halved.
fn mxfp4(block: &[u8; 17], out: &mut Vec<u8>) -> Option<()> {
    let values = nibbles(&block[1..], &MXFP4);
    let scale = (f32::from(block[0]) - 128.0).exp2();
    let lost = scale > 0.0 && f16::from_f32(scale) == f16::ZERO && values.iter().any(|v| *v != 0);
    if lost {
        return None;
    }
    q5_0(f16::from_f32(scale), &values, out)
}

/// Two bits a value, in two groups of 32 bytes, each with its four times 32
/// values in the four bit positions; the scale comes last.
fn tq2(block: &[u8; 66], out: &mut Vec<u8>) -> Option<()> {
    let scale = half_at(block, 64);
    for group in block[..64].as_chunks::<SMALL>().0 {
        for position in 0..4 {
            let values = group.map(|byte| ((byte >> (2 * position)) & 3).cast_signed() - 1);
            q4_0(scale, &values, out)?;
        }
    }
    Some(())
}

/// Five values of three states in a byte, as the digits of a number below one
/// in base 3: 32 bytes, then 16, then four with four values each.
fn tq1(block: &[u8; 54], out: &mut Vec<u8>) -> Option<()> {
    let mut values = Vec::with_capacity(LARGE);
    for (bytes, digits) in [(&block[..32], 5), (&block[32..48], 5), (&block[48..52], 4)] {
        for digit in 0..digits {
            values.extend(bytes.iter().map(|byte| ternary(*byte, digit)));
        }
    }
    values.as_chunks::<SMALL>().0.iter().try_for_each(|v| q4_0(half_at(block, 52), v, out))
}

/// The digit at a place, less one.
fn ternary(byte: u8, place: u32) -> i8 {
    let rest = byte.wrapping_mul(3_u8.pow(place));
    // Below 3, since the rest is below 256.
    let digit = ((u16::from(rest) * 3) >> 8) as u8;
    digit.cast_signed() - 1
}

fn half_at(block: &[u8], at: usize) -> f16 {
    f16::from_le_bytes([block[at], block[at + 1]])
}

/// The values of 16 bytes: all low halves, then all high halves.
fn nibbles(bytes: &[u8], table: &[i8; 16]) -> [i8; SMALL] {
    let mut values = [0; SMALL];
    for (at, byte) in bytes.iter().enumerate() {
        values[at] = table[usize::from(byte & 15)];
        values[at + 16] = table[usize::from(byte >> 4)];
    }
    values
}

/// A scale, then a byte for each value.
fn q8_0(scale: f16, values: &[i8; SMALL], out: &mut Vec<u8>) -> Option<()> {
    push_scale(scale, out)?;
    out.extend(values.map(i8::cast_unsigned));
    Some(())
}

/// A scale, the fifth bits of all values, their low four bits; 16 stands for 0.
fn q5_0(scale: f16, values: &[i8; SMALL], out: &mut Vec<u8>) -> Option<()> {
    push_scale(scale, out)?;
    let raised = values.map(|value| (value + 16).cast_unsigned());
    let fifth = (0..).zip(raised).fold(0_u32, |all, (at, v)| all | (u32::from(v >> 4) << at));
    out.extend(fifth.to_le_bytes());
    push_nibbles(raised, out);
    Some(())
}

/// A scale, then the four bits of all values; 8 stands for 0.
fn q4_0(scale: f16, values: &[i8; SMALL], out: &mut Vec<u8>) -> Option<()> {
    push_scale(scale, out)?;
    push_nibbles(values.map(|value| (value + 8).cast_unsigned()), out);
    Some(())
}

fn push_scale(scale: f16, out: &mut Vec<u8>) -> Option<()> {
    out.extend(scale.is_finite().then(|| scale.to_le_bytes())?);
    Some(())
}

fn push_nibbles(values: [u8; SMALL], out: &mut Vec<u8>) {
    let (low, high) = values.split_at(SMALL / 2);
    out.extend(low.iter().zip(high).map(|(low, high)| (low & 15) | ((high & 15) << 4)));
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Blocks of random bytes with scales that are powers of two, and the
    /// SHA-256 of the floats (little-endian, no negative zero) that the `gguf`
    /// Python package 0.19.0 of the llama.cpp project makes of them.
    #[test]
    fn written_anew_every_value_is_the_one_that_llama_cpp_reads() {
        let known = [
            (
                Kind::Iq4Nl,
                Some(0),
                "a1c9ab17ec154f6705302958dc0e7f1aa9826a487e162385a8ce2dc314957ab5",
            ),
            (
                Kind::Iq4Xs,
                Some(0),
                "a861c4f829cc61f3c52e21cfc28acde94b88e4f899fc842524a34559f6c5952a",
            ),
            (
                Kind::Tq1,
                Some(52),
                "54b5bae774ad4ca71a36203a7485eb07a75e47d6f76b17fae714c7b1ebb09396",
            ),
            (
                Kind::Tq2,
                Some(64),
                "9e13b7b7c4afbddcd996185e0e07d724e12145d67936656c852aa9a157ef627e",
            ),
            (Kind::Mxfp4, None, "3d2b7a7923b7bfed39ff2f192c461e20742d7fc82aaea31ffe6afba6abdbb5a0"),
        ];
        for (kind, scale_at, expected) in known {
            let values = kind.block_values();
            let mut state = 1_u64;
            let mut blocks = Vec::new();
            for n in 0..64_u8 {
                let mut block: Vec<u8> = (0..kind.bytes(values))
                    .map(|_| {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        (state >> 56) as u8
                    })
                    .collect();
                match scale_at {
                    None => block[0] = 118 + n % 16,
                    Some(at) => block[at..at + 2].copy_from_slice(&[0, (n % 16 + 4) << 2]),
                }
                blocks.extend(block);
            }
            let floats = kind.floats(&blocks, values).unwrap();
            assert_eq!(floats.len(), 64 * values);
            let bytes: Vec<u8> = floats.iter().flat_map(|v| (v + 0.0).to_le_bytes()).collect();
            let hash = crate::models::hashes::hex(&Sha256::digest(&bytes));
            assert_eq!(hash, expected, "{kind:?}");
        }
    }

    #[test]
    fn a_scale_that_is_no_number_is_refused() {
        let mut block = [0; 18];
        block[1] = 0x7c;
        assert_eq!(recode(Kind::Iq4Nl, &block), None);
    }
}
