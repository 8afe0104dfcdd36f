//! What a person says about what was found: boxes of text, and whether a face can be recognised.

use cordon_contribute::FileId;
use cordon_text::TextBox;

use crate::engine::Engine;
use crate::looks::FaceWord;

impl Engine {
    /// A person says which boxes are blacked out in a file; it is cleaned anew.
    ///
    /// # Errors
    /// After approval, or when the file is not open any more.
    pub fn set_boxes(&self, id: FileId, now: Vec<TextBox>) -> Result<(), String> {
        {
            let mut state = self.inner.state.borrow_mut();
            let there = matches!(state.sources.get(id as usize), Some(Some(_)));
            if !there {
                return Err("the original is not open any more: drop the folder again".to_owned());
            }
            if self.inner.contribution.borrow().approval().is_some() {
                return Err(
                    "this contribution is approved: take the approval back first".to_owned(),
                );
            }
            let boxes = &mut state.looks.found.entry(id).or_default().boxes;
            if boxes.now == now {
                return Ok(());
            }
            boxes.now = now;
            state.looks.revision += 1;
        }
        self.inner.clean_anew(&[id])
    }

    /// A person who saw the turning head says whether a face can be recognised; `None` takes that
    /// back. The series is cleaned anew.
    ///
    /// # Errors
    /// After approval, or when the files are not open any more.
    pub fn say_face(&self, id: FileId, said: Option<FaceWord>) -> Result<(), String> {
        if self.inner.contribution.borrow().approval().is_some() {
            return Err("this contribution is approved: take the approval back first".to_owned());
        }
        let files = {
            let mut state = self.inner.state.borrow_mut();
            let there = matches!(state.sources.get(id as usize), Some(Some(_)));
            if !there {
                return Err("the original is not open any more: drop the folder again".to_owned());
            }
            let looks = &mut state.looks;
            let index = looks.of_file.get(&id).copied();
            let Some(look) = index.and_then(|index| looks.all.get_mut(index)) else {
                return Ok(());
            };
            if look.said == said {
                return Ok(());
            }
            look.said = said;
            let files = look.files.clone();
            looks.revision += 1;
            files
        };
        self.inner.clean_anew(&files)
    }
}
