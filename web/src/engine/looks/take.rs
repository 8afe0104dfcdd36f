//! What comes of a look: it is taken in, and the files are cleaned anew with it.

use std::collections::HashSet;
use std::rc::Rc;

use cordon_contribute::FileId;
use cordon_protocol::Severity;
use js_sys::{Array, Uint8Array};

use super::{Boxes, Found, LookState, Turning};
use crate::engine::core::Inner;
use crate::looks::Looked;
use crate::messages::Work;

impl Inner {
    /// Takes in what was found, and has the files cleaned anew with it.
    pub(super) fn take_look(self: &Rc<Self>, index: usize, looked: Looked, attachments: &Array) {
        let bytes = |n: u32| {
            let buffer = attachments.get(n);
            buffer.is_object().then(|| Uint8Array::new(&buffer))
        };
        let mut state = self.state.borrow_mut();
        let looks = &mut state.looks;
        let Some(look) = looks.all.get_mut(index) else {
            return;
        };
        look.state = if looked.trouble.is_empty() {
            LookState::Done
        } else {
            LookState::Failed(looked.trouble.join(" "))
        };
        look.quality = looked.quality.map(Rc::new);
        // What was said was said about another look.
        look.said = None;
        if let Some(face) = looked.face {
            if face.directions > 0 {
                look.turning = Some(Rc::new(Turning {
                    directions: face.directions,
                    side: face.side,
                    before: bytes(1).map(|b| b.to_vec()).unwrap_or_default(),
                    after: bytes(2).map(|b| b.to_vec()).unwrap_or_default(),
                }));
            }
            if face.cut
                && let Some(cut) = bytes(0)
            {
                looks.made += 1;
                looks.cuts.insert(index, (looks.made, cut.into()));
            }
            look.face = Some(face);
        }
        let ids = look.files.clone();
        let weighty = look
            .quality
            .as_ref()
            .is_some_and(|q| q.noticed.iter().any(|n| n.weight > Severity::Note));
        let mut again = Vec::new();
        for (id, found) in ids.iter().zip(looked.files) {
            if weighty || found.text.is_some() || found.face.is_some() {
                again.push(*id);
            }
            let boxes = Boxes {
                found: found.boxes.clone(),
                now: found.boxes.clone(),
                kept: found.kept.clone(),
            };
            looks.found.insert(*id, Found { look: found, boxes });
        }
        looks.lend(index);
        looks.revision += 1;
        drop(state);
        let _ = self.clean_anew(&again);
    }

    /// Has files cleaned anew: what is to be done to their pixels has changed.
    pub(super) fn clean_anew(self: &Rc<Self>, ids: &[FileId]) -> Result<(), String> {
        {
            let looks = &mut self.state.borrow_mut().looks;
            for id in ids {
                *looks.versions.entry(*id).or_default() += 1;
            }
        }
        self.reclean(ids)?;
        self.pictures
            .forget_after(&ids.iter().copied().collect::<HashSet<_>>());
        self.after_change();
        Ok(())
    }

    /// Has files cleaned anew; what was decided about their last results holds no more.
    pub(in crate::engine) fn reclean(&self, ids: &[FileId]) -> Result<(), String> {
        let mut contribution = self.contribution.borrow_mut();
        let instances: Vec<String> = ids
            .iter()
            .filter_map(|id| contribution.file(*id)?.record.as_ref())
            .map(|r| r.instance.clone())
            .collect();
        contribution.reclean(ids).map_err(|e| e.to_string())?;
        drop(contribution);
        let mut state = self.state.borrow_mut();
        for instance in &instances {
            state.held.remove(instance);
            state.unkept.remove(instance);
        }
        Ok(())
    }

    /// What is to be done to the pixels of files.
    pub(crate) fn works(&self, ids: &[FileId], attachments: &Array) -> Vec<Option<Work>> {
        let mut state = self.state.borrow_mut();
        let epoch = state.epoch;
        let looks = &mut state.looks;
        for id in ids {
            if let Some(version) = looks.versions.get(id).copied() {
                looks.given.insert(*id, version);
            }
        }
        let of = |id: &FileId| looks.work(*id, epoch, attachments);
        ids.iter().map(of).collect()
    }
}
