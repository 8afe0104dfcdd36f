//! One run of the yardstick: suite, tools, scores, table.
#![allow(clippy::print_stdout, clippy::print_stderr)] // what a command-line tool calls

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::ask::{ASKS, Ask};
use crate::report;
use crate::rules::Rules;
use crate::score::{Score, score};
use crate::suite::{HELD_OUT_SEED, Suite};
use crate::tools::{Tool, Work, tools};

/// What to measure.
#[derive(Debug, Clone, clap::Parser)]
#[command(
    name = "conformance",
    about = "Scores de-identifiers over synthetic patients"
)]
pub struct Options {
    /// Print the scores as JSON, one object for all tools.
    #[arg(long)]
    pub json: bool,
    /// The seed; the held-out one where it is not given.
    #[arg(long, default_value_t = HELD_OUT_SEED)]
    pub seed: u64,
    /// How many people.
    #[arg(long, default_value_t = 26)]
    pub people: u32,
    /// The tools; all where none is given.
    #[arg(long, value_delimiter = ',')]
    pub tools: Vec<String>,
    /// The sets of options; all where none is given.
    #[arg(long, value_delimiter = ',')]
    pub asks: Vec<String>,
    /// Write the table to this file.
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// Write the planted files and their answers below this folder and keep them.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// How many failing attributes to list for each run.
    #[arg(long, default_value_t = 12)]
    pub failures: usize,
}

/// Why there are no scores.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file or folder.
    #[error("a file of the run cannot be written: {0}")]
    Folder(#[from] std::io::Error),
    /// JSON.
    #[error("the scores cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A name that is none.
    #[error("there is no set of options called {0:?}")]
    NoSuchAsk(String),
    /// A name that is none.
    #[error("there is no tool of the names given")]
    NoTool,
}

/// One tool under one set of options.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The tool.
    pub tool: &'static str,
    /// Its version; empty where it did not run.
    pub version: String,
    /// How it was configured.
    pub configuration: &'static str,
    /// The set of options.
    pub ask: &'static str,
    /// Seconds that it worked.
    pub seconds: f64,
    /// Files that it did not take.
    pub failed: u64,
    /// Why there is no score.
    pub error: Option<String>,
    /// The scores.
    #[serde(flatten)]
    pub score: Option<Score>,
}

/// All of it.
#[derive(Debug, Serialize)]
pub struct Scores {
    /// The seed.
    pub seed: u64,
    /// Whether it is the seed that nobody tunes on.
    pub held_out: bool,
    /// People.
    pub people: u32,
    /// Files.
    pub files: usize,
    /// The lines.
    pub runs: Vec<Line>,
}

/// Makes the suite, runs the tools, prints and writes the scores.
///
/// # Errors
/// When folders cannot be written or a name is unknown. A tool that fails has a line that says so.
pub fn run(options: &Options) -> Result<(), RunError> {
    let scores = measure(options)?;
    if let Some(path) = &options.table {
        std::fs::write(path, report::table(&scores))?;
    }
    if options.json {
        println!("{}", serde_json::to_string(&scores)?);
    } else {
        print!("{}", report::summary(&scores, options.failures));
    }
    Ok(())
}

/// Makes the suite and runs the tools.
///
/// # Errors
/// As [`run`].
pub fn measure(options: &Options) -> Result<Scores, RunError> {
    let asks: Vec<Ask> = if options.asks.is_empty() {
        ASKS.to_vec()
    } else {
        let find = |name: &String| Ask::find(name).ok_or_else(|| RunError::NoSuchAsk(name.clone()));
        options.asks.iter().map(find).collect::<Result<_, _>>()?
    };
    let tools = tools(&options.tools);
    if tools.is_empty() {
        return Err(RunError::NoTool);
    }
    let suite = Suite::new(options.seed, options.people);
    let temporary = tempfile::tempdir()?;
    let base = options.keep.as_deref().unwrap_or(temporary.path());
    let input = base.join("planted");
    suite.write(&input)?;
    let mut runs = Vec::new();
    for ask in asks {
        let rules = Rules::new(ask.options);
        if options.keep.is_some() {
            report::write_answers(
                &suite,
                &rules,
                &base.join(format!("answers-{}.jsonl", ask.name)),
            )?;
        }
        for tool in &tools {
            eprintln!("{} under {} …", tool.name(), ask.name);
            let output = base.join(format!("{}-{}", tool.name(), ask.name));
            std::fs::create_dir_all(&output)?;
            runs.push(one(tool.as_ref(), &suite, &input, &output, ask, &rules));
        }
    }
    Ok(Scores {
        seed: options.seed,
        held_out: options.seed == HELD_OUT_SEED,
        people: options.people,
        files: suite.items.len(),
        runs,
    })
}

/// One tool under one set of options.
#[must_use]
pub fn one(
    tool: &dyn Tool,
    suite: &Suite,
    input: &Path,
    output: &Path,
    ask: Ask,
    rules: &Rules,
) -> Line {
    let work = Work {
        suite,
        input,
        output,
        ask,
        rules,
    };
    let mut line = Line {
        tool: tool.name(),
        version: String::new(),
        configuration: tool.configuration(),
        ask: ask.name,
        seconds: 0.0,
        failed: 0,
        error: None,
        score: None,
    };
    match tool.run(&work) {
        Ok(ran) => {
            line.version = ran.version;
            line.seconds = ran.seconds;
            line.failed = ran.failed;
            line.score = Some(score(suite, rules, &ran.outputs));
        }
        Err(error) => line.error = Some(error.to_string()),
    }
    line
}
