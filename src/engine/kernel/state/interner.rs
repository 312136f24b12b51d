//! Texts as small numbers: each distinct text is kept once, however many groups have it.

use std::hash::{BuildHasher, RandomState};

use super::{Result, mismatch};

/// An empty slot of the table.
const EMPTY: u32 = u32::MAX;

/// Distinct byte strings, numbered from 0 as they come.
#[derive(Debug)]
pub struct Interner {
    bytes: Vec<u8>,
    /// Where each string ends in `bytes`.
    ends: Vec<usize>,
    /// Open addressing with linear probing: numbers of strings by hash. The length is a power of two, at most half full.
    table: Vec<u32>,
    hasher: RandomState,
}

impl Default for Interner {
    fn default() -> Self {
        Interner { bytes: Vec::new(), ends: Vec::new(), table: vec![EMPTY; 16], hasher: RandomState::new() }
    }
}

impl Interner {
    /// The number of a string, new or known.
    pub fn intern(&mut self, string: &[u8]) -> Result<u32> {
        if self.ends.len() * 2 >= self.table.len() {
            self.grow();
        }
        let slot = self.slot(string);
        if self.table[slot] == EMPTY {
            self.table[slot] = u32::try_from(self.ends.len())
                .ok()
                .filter(|&number| number != EMPTY)
                .ok_or_else(|| mismatch("more than 4 294 967 294 distinct texts in one aggregate"))?;
            self.bytes.extend_from_slice(string);
            self.ends.push(self.bytes.len());
        }
        Ok(self.table[slot])
    }

    /// The number of a string that is known.
    pub fn find(&self, string: &[u8]) -> Option<u32> {
        Some(self.table[self.slot(string)]).filter(|&number| number != EMPTY)
    }

    /// The string of a number.
    pub fn get(&self, number: u32) -> &[u8] {
        let index = number as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes held beside the interner's own.
    pub fn heap(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>() + self.table.capacity() * size_of::<u32>()
    }

    /// Where the string is, or would be.
    fn slot(&self, string: &[u8]) -> usize {
        let mask = self.table.len() - 1;
        let mut slot = self.hasher.hash_one(string) as usize & mask;
        while self.table[slot] != EMPTY && self.get(self.table[slot]) != string {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![EMPTY; mask + 1];
        for number in 0..self.ends.len() as u32 {
            let mut slot = self.hasher.hash_one(self.get(number)) as usize & mask;
            while table[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            table[slot] = number;
        }
        self.table = table;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_a_number_and_come_back_as_they_were() -> Result<()> {
        let mut interner = Interner::default();
        for round in 0..2 {
            for number in 0..1000_u32 {
                let text = if number == 7 { String::new() } else { format!("text {number}") };
                assert_eq!(interner.intern(text.as_bytes())?, number, "round {round}");
            }
        }
        assert_eq!(interner.get(7), b"");
        assert_eq!(interner.get(999), b"text 999");
        assert_eq!(interner.find(b"text 8"), Some(8));
        assert_eq!(interner.find(b"text 1000"), None);
        assert!(interner.heap() >= 8 * 1000);
        Ok(())
    }
}
