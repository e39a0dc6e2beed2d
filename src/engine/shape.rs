//! What the kinds of quotes look like, as patterns that both llguidance's regex
//! and the regex crate read (no look-around, no back-references; a pattern
//! matches the whole quote).

use std::sync::LazyLock;

use crate::domain::prompt::Shape;

/// Month names of the six languages that contracts here come in, and their
/// usual short forms.
const MONTHS: &str = "(Jan(uary|uar)?|Feb(ruary|ruar)?|Mar(ch)?|März|Apr(il)?|May|Mai|June?|Juni|\
    July?|Juli|Aug(ust)?|Sept?(ember)?|Oct(ober)?|Okt(ober)?|Nov(ember)?|Dec(ember)?|Dez(ember)?|\
    janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|\
    enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|\
    gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|\
    janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)";

const CURRENCY: &str = "([$€£¥]|US\\$|USD|EUR|GBP|CHF|JPY|CAD|AUD|Euros?|euros?|dollars?|Dollars?|\
    pounds?|francs?|Franken)";

/// The pattern between the slashes of a Lark regex, or `None` for any quote.
pub(super) fn pattern(shape: Shape) -> Option<&'static str> {
    static DATE: LazyLock<String> = LazyLock::new(|| {
        let day = "[0-9_\\[\\]●]{1,4}( ?(st|nd|rd|th))?\\.?";
        let year = "[0-9]{2,4}";
        format!(
            "{year}[.\\/-][0-9]{{1,2}}[.\\/-]{year}|{day} (day of |de )?{MONTHS}\\.?,?( (de )?{year})?|\
             {MONTHS}\\.? {day}(,? {year})?|{MONTHS}\\.?,? [0-9]{{4}}"
        )
    });
    static AMOUNT: LazyLock<String> = LazyLock::new(|| {
        let figure = "[0-9][0-9.,'’]*( (million|billion|thousand|Mio\\.?|Mrd\\.?|Millionen))?";
        format!("{CURRENCY} ?{figure}|{figure} ?{CURRENCY}|{CURRENCY} ?{figure} ?{CURRENCY}")
    });
    // The last word is whole, so that no stop or comma hangs on to a name.
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let word = "\\p{Lu}[\\p{L}\\p{M}'’&-]+";
        let part = format!("(\\p{{Lu}}\\.|{word})");
        format!("({part} )((of|&|de|van|von|der|für) |{part} ){{0,4}}{word}")
    });
    match shape {
        Shape::Any => None,
        Shape::Date => Some(&DATE),
        Shape::Amount => Some(&AMOUNT),
        Shape::Name => Some(&NAME),
        Shape::Duty => Some(
            "[^\\n]* (shall|must|may not|will|agrees? to|undertakes? to|is (obliged|required) to|\
             muss|müssen|darf nicht|ist verpflichtet|sind verpflichtet|verpflichtet sich) [^\\n]*",
        ),
    }
}
