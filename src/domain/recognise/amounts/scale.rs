//! Words and letters behind a figure that make it thousands and more.

/// Behind a figure, with what joins it to a currency ("millions d'", "milioni di ").
pub(super) const SCALE: &str = r"(?:[ -]*(?:(?:thousand|million|billion|trillion|millionen|milliarden|milliarde|milliards?|tausend|millions|billions|mil\s+millones|millones|millón|milioni|milione|miliardi|miliardo|milhões|milhão|bilhões|bilhão|mille|mila|mil|bn|mn|mm|m|k)\b|(?:mio|mrd|tsd)\b\.?)(?:\s+(?:de|di)\b|\s+d['’])?)";

/// How many places a scale moves the point.
pub(super) fn places(scale: &str) -> usize {
    let scale = scale.trim_start_matches([' ', '-']).to_lowercase();
    let word = scale.split([' ', '.']).next().unwrap_or_default();
    let next = scale.split_whitespace().nth(1).unwrap_or_default();
    match word {
        "mil" if next == "millones" => 9,
        "thousand" | "tausend" | "tsd" | "k" | "mille" | "mila" | "mil" => 3,
        "million" | "millions" | "millionen" | "mio" | "mn" | "mm" | "m" | "millones"
        | "millón" | "milioni" | "milione" | "milhões" | "milhão" => 6,
        "billion" | "billions" | "milliarden" | "milliarde" | "milliard" | "milliards" | "mrd"
        | "bn" | "miliardi" | "miliardo" | "bilhões" | "bilhão" => 9,
        "trillion" => 12,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_of_six_languages_move_the_point() {
        for (scale, moved) in [
            (" million", 6),
            ("-billion", 9),
            ("k", 3),
            (" Mio.", 6),
            (" Mrd. ", 9),
            (" millions d'", 6),
            (" mil millones de", 9),
            (" mil", 3),
            (" milioni di", 6),
            (" bilhões de", 9),
            ("", 0),
        ] {
            assert_eq!(places(scale), moved, "{scale}");
        }
    }
}
