//! One connection: a command, its answers, its status. Never two at a time, never one after a command that did not end.
//!
//! A connection whose command was not answered to the end (the future was dropped, the server fell silent) is not
//! [`Connection::is_sound`] and must be thrown away: its next answers would be those of another question.

use super::command::{Command, Piece};
use super::token::{self, Token};
use super::trouble::Trouble;
use super::wire::{Patience, Wire};
use crate::folder::Folder;
use crate::leaving::Pieces;
use crate::line::Line;

/// What an ordinary command may be answered with, in bytes.
const ORDINARY: usize = 4 * 1024 * 1024;

/// What a command was answered with.
#[derive(Default)]
pub(crate) struct Answer {
    /// The untagged data, in order.
    pub data: Vec<Vec<Token>>,
    /// The response codes that came with an untagged OK.
    pub codes: Vec<Vec<Token>>,
    /// The response code of the tagged OK.
    pub code: Vec<Token>,
}

/// A connection to a server.
pub(crate) struct Connection {
    wire: Wire,
    commands: u32,
    sound: bool,
    capabilities: Vec<String>,
    /// The folder that is selected, and its validity.
    pub(super) selected: Option<(Folder, u32)>,
    /// What the server calls its folders, once it was asked.
    pub(super) names: Option<Names>,
}

/// What a server calls its folders that have a use.
pub(super) struct Names {
    pub sent: Vec<u8>,
    pub bin: Vec<u8>,
}

/// One response, understood as far as its kind.
enum Response {
    Data(Vec<Token>),
    Status { tag: Vec<u8>, word: Vec<u8>, code: Vec<Token> },
    Go,
}

impl Connection {
    /// Waits for the greeting.
    pub(crate) async fn greeted(line: Box<dyn Line>, patience: Patience) -> Result<Self, Trouble> {
        let mut connection =
            Self { wire: Wire::new(line, patience), commands: 0, sound: true, capabilities: Vec::new(), selected: None, names: None };
        match connection.response(ORDINARY).await? {
            Response::Status { tag, word, code } if tag == b"*" && (word == b"OK" || word == b"PREAUTH") => connection.learn(&code),
            Response::Status { .. } => return Err(Trouble::Away("the server turns us away")),
            Response::Data(_) | Response::Go => return Err(Trouble::Nonsense("the greeting is not one")),
        }
        if connection.capabilities.is_empty() {
            connection.run(Command::new("CAPABILITY")).await?;
        }
        Ok(connection)
    }

    /// Whether another command may be said.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// One waits anew, for a new operation.
    pub(crate) fn set_patience(&mut self, patience: Patience) {
        self.wire.set_patience(patience);
    }

    pub(crate) fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }

    /// Says a command and waits for its end.
    pub(crate) async fn run(&mut self, command: Command) -> Result<Answer, Trouble> {
        self.run_up_to(command, ORDINARY).await
    }

    /// The same, for an answer of at most `cap` bytes.
    pub(crate) async fn run_up_to(&mut self, command: Command, cap: usize) -> Result<Answer, Trouble> {
        let name = command.name;
        let tag = self.say(command, None).await?;
        self.listen(name, &tag, cap, None).await
    }

    /// Says a command that holds a letter, and waits for its end. When the letter cannot be given to its end, the server throws
    /// away what it has, as this connection is thrown away.
    pub(crate) async fn give(&mut self, command: Command, letter: Pieces<'_>) -> Result<Answer, Trouble> {
        let name = command.name;
        let tag = self.say(command, Some(letter)).await?;
        self.listen(name, &tag, ORDINARY, None).await
    }

    /// `AUTHENTICATE OAUTHBEARER` (RFC 7628): `bearer` is what the mechanism says, already encoded.
    pub(crate) async fn authenticate(&mut self, bearer: &str) -> Result<(), Trouble> {
        let command = Command::new("AUTHENTICATE").raw("OAUTHBEARER");
        let tag = if self.can("SASL-IR") {
            self.say(command.raw(bearer), None).await?
        } else {
            let tag = self.say(command, None).await?;
            let Response::Go = self.response(ORDINARY).await? else { return Err(Trouble::Away("the server does not take tokens")) };
            self.wire.write(format!("{bearer}\r\n").as_bytes()).await?;
            self.wire.flush().await?;
            tag
        };
        // A refusal comes as a challenge that must be answered with one byte (section 3.2.3).
        let answer = self.listen("AUTHENTICATE", &tag, ORDINARY, Some(b"AQ==\r\n")).await?;
        self.capabilities.clear();
        for code in answer.codes.iter().chain([&answer.code]).chain(&answer.data) {
            self.learn(code);
        }
        if self.capabilities.is_empty() {
            self.run(Command::new("CAPABILITY")).await?;
        }
        Ok(())
    }

    async fn say(&mut self, command: Command, mut letter: Option<Pieces<'_>>) -> Result<String, Trouble> {
        if command.refused {
            return Err(Trouble::Nonsense("an argument may not be said"));
        }
        if !std::mem::replace(&mut self.sound, false) {
            return Err(Trouble::Nonsense("a connection was used after a command that did not end"));
        }
        self.commands += 1;
        let tag = format!("m{}", self.commands);
        let mut line = format!("{tag} ").into_bytes();
        for piece in command.pieces {
            match piece {
                Piece::Line(words) => line.extend_from_slice(&words),
                Piece::Literal(bytes) => {
                    self.announce(&mut line, bytes.len() as u64, (&tag, command.name)).await?;
                    self.wire.write(&bytes).await?;
                }
                Piece::Coming(size) => {
                    self.announce(&mut line, size, (&tag, command.name)).await?;
                    let letter = letter.as_mut().ok_or(Trouble::Nonsense("a letter was announced and is not there"))?;
                    // Boxed: every command would be as large as the one that gives a letter.
                    Box::pin(pour(letter, &mut self.wire)).await?;
                }
            }
        }
        line.extend_from_slice(b"\r\n");
        self.wire.write(&line).await?;
        self.wire.flush().await?;
        Ok(tag)
    }

    /// Says how long a literal is, and waits until it may come where the server asks for that.
    async fn announce(&mut self, line: &mut Vec<u8>, size: u64, (tag, name): (&str, &'static str)) -> Result<(), Trouble> {
        let now = self.can("LITERAL+") || (self.can("LITERAL-") && size <= 4096);
        line.extend_from_slice(format!("{{{size}{}}}\r\n", if now { "+" } else { "" }).as_bytes());
        self.wire.write(line).await?;
        line.clear();
        if !now {
            self.wire.flush().await?;
            self.invited(tag, name).await?;
        }
        Ok(())
    }

    /// Waits until the server is ready for a literal; it may refuse the command there and then.
    async fn invited(&mut self, tag: &str, name: &'static str) -> Result<(), Trouble> {
        loop {
            match self.response(ORDINARY).await? {
                Response::Go => return Ok(()),
                Response::Status { tag: found, word, code } if found == tag.as_bytes() => {
                    self.sound = true;
                    return Err(refusal(name, &word, &code));
                }
                Response::Data(_) | Response::Status { .. } => {}
            }
        }
    }

    async fn listen(&mut self, name: &'static str, tag: &str, cap: usize, mut challenge: Option<&[u8]>) -> Result<Answer, Trouble> {
        let mut answer = Answer::default();
        let mut left = cap;
        loop {
            match self.sized_response(&mut left).await? {
                Response::Data(data) => {
                    self.learn(&data);
                    answer.data.push(data);
                }
                Response::Status { tag: found, word, code } if found == b"*" => match word.as_slice() {
                    b"BYE" => return Err(Trouble::Away("the server says goodbye")),
                    _ => answer.codes.push(code),
                },
                Response::Status { tag: found, word, code } if found == tag.as_bytes() => {
                    // Answered to the end, for better or worse.
                    self.sound = true;
                    if word != b"OK" {
                        return Err(refusal(name, &word, &code));
                    }
                    answer.code = code;
                    return Ok(answer);
                }
                Response::Status { .. } => return Err(Trouble::Nonsense("an answer to a question that was not asked")),
                Response::Go => {
                    let reply = challenge.take().ok_or(Trouble::Nonsense("the server waits for something"))?;
                    self.wire.write(reply).await?;
                    self.wire.flush().await?;
                }
            }
        }
    }

    async fn sized_response(&mut self, left: &mut usize) -> Result<Response, Trouble> {
        let bytes = self.wire.response(*left).await?;
        *left = left.checked_sub(bytes.len()).ok_or(Trouble::Nonsense("an answer is longer than we asked for"))?;
        understand(&bytes)
    }

    async fn response(&mut self, cap: usize) -> Result<Response, Trouble> {
        understand(&self.wire.response(cap).await?)
    }

    fn learn(&mut self, data: &[Token]) {
        if let [head, capabilities @ ..] = data
            && head.is("CAPABILITY")
        {
            let word = |token: &Token| token.bytes().map(|bytes| String::from_utf8_lossy(bytes).to_ascii_uppercase());
            self.capabilities = capabilities.iter().filter_map(word).collect();
        }
    }
}

async fn pour(letter: &mut Pieces<'_>, wire: &mut Wire) -> Result<(), Trouble> {
    while let Some(bytes) = letter.next().await? {
        wire.write_next(&bytes).await?;
    }
    Ok(())
}

fn understand(bytes: &[u8]) -> Result<Response, Trouble> {
    let (tag, rest) = cut(bytes);
    if tag == b"+" {
        return Ok(Response::Go);
    }
    let (word, text) = cut(rest);
    let word = word.to_ascii_uppercase();
    match word.as_slice() {
        b"OK" | b"NO" | b"BAD" | b"BYE" | b"PREAUTH" => {
            Ok(Response::Status { tag: tag.to_vec(), word, code: token::code(text).unwrap_or_default() })
        }
        _ if tag == b"*" => Ok(Response::Data(token::tokens(rest)?)),
        _ => Err(Trouble::Nonsense("a response is of no kind")),
    }
}

fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|&byte| byte == b' ') {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[]),
    }
}

fn refusal(command: &'static str, word: &[u8], code: &[Token]) -> Trouble {
    if word != b"NO" {
        return Trouble::Nonsense("the server did not understand a command");
    }
    let code = code.first().and_then(Token::bytes).map(|word| String::from_utf8_lossy(word).to_ascii_uppercase());
    Trouble::Refused { command, code }
}
