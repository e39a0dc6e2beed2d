//! Currencies: how texts in six languages write them and which ISO 4217 code that is. A
//! sign or word that several currencies share stays a sign.

/// ISO 4217 codes that contracts carry, as alternatives.
const CODES: &str = "USD|EUR|GBP|CHF|JPY|CAD|AUD|NZD|HKD|SGD|INR|CNY|RMB|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|MXN|ARS|CLP|COP|ZAR|RUB|UAH|KRW|TWD|ILS|TRY|AED|SAR|EGP|NGN|KES|THB|MYR|IDR|VND|ISK";

/// Signs and codes that stand before a figure, as a pattern.
pub(super) fn before() -> String {
    format!(
        r"(?:\b(?:US|CA|AUS|AU|NZ|HK|C|A|S|R) ?\$|\bU\.S\. ?\$|[$€£¥₹]|\bT(?:EUR\b|€)|\b(?:{CODES})(?: ?[$€£¥])?|\bEuro\b|\bRs\b\.?|\bS?Fr\.)"
    )
}

/// Codes that stand behind a figure, as a pattern.
pub(super) fn after() -> String {
    format!(r"(?:(?:{CODES}|TEUR)\b|T€|zł)")
}

/// Signs that stand behind a figure.
pub(super) const SIGN: &str = "[€£¥$]";

/// Currencies in words, behind a figure or a number in words.
pub(super) const WORD: &str = r"(?:(?:US-|U\.?\s?S\.?\s+|United\s+States\s+|American\s+|Canadian\s+|Australian\s+|Hong\s+Kong\s+|Singapore\s+|New\s+Zealand\s+)?dollars?\b(?:\s+(?:des\s+)?(?:États-Unis|US\b|américains?|canadiens?))?|dólares?\b(?:\s+(?:estadounidenses|americanos|canadienses|canadenses|de\s+los\s+Estados\s+Unidos|dos\s+Estados\s+Unidos))?|dollari\b(?:\s+(?:statunitensi|americani|canadesi))?|euros?\b|(?:British\s+)?pounds?\b(?:\s+sterling\b)?|(?:britische\s+)?Pfund\b(?:\s+Sterling\b)?|livres?\s+sterling\b|libras?\s+(?:esterlinas?)\b|sterline\b|(?:Swiss\s+francs?|Schweizer\s+Franken|Franken|francs?\s+suisses?|francos?\s+suizos?|franchi\s+svizzeri|francos?\s+suíços?)\b|(?:Japanese\s+)?yen\b|(?:Indian\s+)?rupees\b|yuan\b|renminbi\b|reais\b|pesos\s+mexicanos\b|cents?\b)";

/// The code (or the shared sign) of a currency as a text writes it.
pub(super) fn code(written: &str) -> Option<&'static str> {
    let plain: String =
        written.chars().filter(|c| !c.is_whitespace() && !"-.".contains(*c)).collect();
    let upper = plain.to_uppercase();
    if let Some(code) = CODES.split('|').find(|code| upper.starts_with(code)) {
        return Some(if code == "RMB" { "CNY" } else { code });
    }
    Some(match upper.as_str() {
        "US$" | "US" => "USD",
        "C$" | "CA$" => "CAD",
        "A$" | "AU$" | "AUS$" => "AUD",
        "NZ$" => "NZD",
        "HK$" => "HKD",
        "S$" => "SGD",
        "R$" | "REAIS" => "BRL",
        "€" | "EURO" | "EUROS" | "TEUR" | "T€" => "EUR",
        "¥" => "¥",
        "$" | "CENT" | "CENTS" => "$",
        "ZŁ" => "PLN",
        "YEN" | "JAPANESEYEN" => "JPY",
        "YUAN" | "RENMINBI" => "CNY",
        "₹" | "RUPEES" | "INDIANRUPEES" | "RS" => "INR",
        "PESOSMEXICANOS" => "MXN",
        "FR" | "SFR" => "CHF",
        _ => return by_name(&upper),
    })
}

/// The code of a currency that is written out, in capitals without spaces.
fn by_name(upper: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| parts.iter().any(|part| upper.contains(part));
    if has(&["DOLLAR", "DÓLAR"]) {
        return Some(match () {
            () if has(&["CANAD"]) => "CAD",
            () if has(&["AUSTRAL"]) => "AUD",
            () if has(&["HONGKONG"]) => "HKD",
            () if has(&["SINGAPORE"]) => "SGD",
            () if has(&["NEWZEALAND"]) => "NZD",
            () if upper.starts_with("US") || upper.ends_with("US") => "USD",
            () if has(&["AMERIC", "AMÉRIC", "UNIT", "ÉTATS", "UNIDOS", "UNIDENSES"]) => "USD",
            () => "$",
        });
    }
    if has(&["POUND", "PFUND", "STERLIN"]) || upper == "£" {
        return Some("GBP");
    }
    has(&["FRANK", "FRANC"]).then_some("CHF")
}

/// Whether the figure counts thousands by the way the currency is written.
pub(super) fn in_thousands(written: &str) -> bool {
    matches!(written, "TEUR" | "T€")
}

/// Currencies whose sums are written with a comma before the decimals at home.
pub(super) fn is_continental(code: &str) -> bool {
    matches!(code, "EUR" | "CHF" | "BRL" | "PLN" | "CZK" | "SEK" | "NOK" | "DKK")
}

/// Bare "pounds" are a weight unless the document writes of sterling elsewhere, or
/// speaks of paying and of no other currency and no weights.
pub(super) fn is_weight(written: &str, view: &str) -> bool {
    let bare = matches!(written.to_lowercase().as_str(), "pound" | "pounds" | "pfund");
    bare && !(view.contains('£') || view.contains("GBP") || is_paid_in_pounds(view))
}

fn is_paid_in_pounds(view: &str) -> bool {
    const PAYING: [&str; 5] = [" pay ", " paid ", "invoice", " price", " cost"];
    const OTHERWISE: [&str; 8] =
        ["$", "€", "dollar", "weigh", "pounds of ", "lbs", "kilo", "tonne"];
    let has = |words: &[&str]| words.iter().any(|word| view.contains(word));
    has(&PAYING) && !has(&OTHERWISE)
}
