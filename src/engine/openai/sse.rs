//! Server-sent events, as the WHATWG's HTML standard defines their stream:
//! bytes in, the data of each event out. Knows nothing of what they mean.

/// Bytes of the longest line that is taken; an answer's pieces are far shorter.
const LONGEST: usize = 1 << 20;

/// A line grew beyond [`LONGEST`]: this is no such stream.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

#[derive(Debug, Default)]
pub struct Sse {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// The last byte was a carriage return: a line feed after it is no new line.
    after_return: bool,
}

impl Sse {
    /// Takes the next bytes, cut anywhere, and gives the data of the events
    /// that end in them. Bytes that are no UTF-8 become U+FFFD.
    ///
    /// # Errors
    /// [`TooLong`] where a line has no end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLong> {
        let mut events = Vec::new();
        for &byte in bytes {
            let paired = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                b'\n' if paired => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ if self.line.len() + self.data.len() >= LONGEST => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            let has_data = std::mem::take(&mut self.has_data);
            return has_data.then(|| String::from_utf8_lossy(&data).into_owned());
        }
        // Other fields and comments (keep-alives) say nothing here.
        if let Some(value) = line.strip_prefix(b"data:") {
            if self.has_data {
                self.data.push(b'\n');
            }
            self.has_data = true;
            self.data.extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": keep-alive\r\n\r\nevent: x\ndata: {\"a\":\"ä\"}\n\nid: 4\rdata:b\rdata: c\r\r\
         data\n\ndata: [DONE]\n\ndata: cut";

    #[test]
    fn events_are_the_same_wherever_the_bytes_are_cut() {
        let whole = Sse::default().push(STREAM.as_bytes()).expect("short lines");
        assert_eq!(whole, ["{\"a\":\"ä\"}", "b\nc", "[DONE]"]);
        for size in 1..STREAM.len() {
            let mut sse = Sse::default();
            let pieces = STREAM.as_bytes().chunks(size);
            let events: Vec<String> =
                pieces.flat_map(|piece| sse.push(piece).expect("short lines")).collect();
            assert_eq!(events, whole, "in pieces of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut sse = Sse::default();
        let piece = vec![b'x'; LONGEST];
        assert_eq!(sse.push(&piece), Ok(vec![]));
        assert_eq!(sse.push(b"x"), Err(TooLong));
    }
}
