//! What a rule of a script says: a function with its arguments, or a value.

/// The text of a rule, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Nothing at all.
    Nothing,
    /// A value to write.
    Literal(String),
    /// `@NAME`: the value of a parameter.
    Parameter(String),
    /// `@name(arguments)`, and what follows it.
    Function {
        /// Lower case, without the at sign.
        name: String,
        /// Arguments, trimmed, quotation marks taken off.
        arguments: Vec<String>,
        /// What stands behind: another call or text, or the branches of a condition.
        rest: String,
    },
}

impl Call {
    /// Takes the text of a rule apart. Never fails: what is no call is a value.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Nothing;
        }
        let Some(after) = text.strip_prefix('@') else {
            return Self::Literal(text.to_owned());
        };
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        match tail.trim_start().strip_prefix('(') {
            Some(inside) => {
                let (arguments, rest) = arguments(inside);
                Self::Function {
                    name: name.to_ascii_lowercase(),
                    arguments,
                    rest: rest.trim().to_owned(),
                }
            }
            None if tail.trim().is_empty() && !name.is_empty() => Self::Parameter(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }
}

/// The arguments up to the bracket that closes, and what stands behind it.
fn arguments(text: &str) -> (Vec<String>, &str) {
    let mut list = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    let mut depth = 0_u32;
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        if escaped {
            // Only a quotation mark is escaped; a backslash belongs to a pattern.
            if c != '"' {
                current.push('\\');
            }
            current.push(c);
            escaped = false;
            continue;
        }
        match c {
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => {
                depth += 1;
                current.push(c);
            }
            ')' if !quoted && depth == 0 => {
                push(&mut list, &current);
                return (list, text.get(i + 1..).unwrap_or_default());
            }
            ')' | ']' if !quoted => {
                depth = depth.saturating_sub(1);
                current.push(c);
            }
            ',' if !quoted && depth == 0 => {
                list.push(current.trim().to_owned());
                current.clear();
            }
            _ => current.push(c),
        }
    }
    push(&mut list, &current);
    (list, "")
}

/// The last argument; an empty one after nothing is none.
fn push(list: &mut Vec<String>, current: &str) {
    let last = current.trim();
    if !last.is_empty() || !list.is_empty() {
        list.push(last.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(text: &str) -> (String, Vec<String>, String) {
        match Call::parse(text) {
            Call::Function {
                name,
                arguments,
                rest,
            } => (name, arguments, rest),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn calls_are_taken_apart() {
        assert_eq!(Call::parse("  "), Call::Nothing);
        assert_eq!(Call::parse("SITE 4"), Call::Literal("SITE 4".to_owned()));
        assert_eq!(Call::parse("@SITEID"), Call::Parameter("SITEID".to_owned()));
        assert_eq!(function("@keep()"), ("keep".into(), vec![], String::new()));
        assert_eq!(
            function("@HashUID(@UIDROOT, StudyInstanceUID)").1,
            ["@UIDROOT", "StudyInstanceUID"]
        );
        let (_, arguments, _) = function(r#"@contents(this,"[0-9]{3,}\s","a,\"b")"#);
        assert_eq!(arguments, ["this", r"[0-9]{3,}\s", r#"a,"b"#]);
        let (name, arguments, rest) = function(r#"@if(Modality,equals,"SR"){@remove()}{@keep()}"#);
        assert_eq!((name.as_str(), arguments.len()), ("if", 3));
        assert_eq!(rest, "{@remove()}{@keep()}");
        assert_eq!(function("@always()@empty()").2, "@empty()");
        assert_eq!(function("@hash(this").1, ["this"], "never closed");
    }
}
