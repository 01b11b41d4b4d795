//! The only integration binary: everything here runs the program as its users do.

mod browser;
mod cache;
mod constructs;
mod faults;
mod fixture;
mod hostile;
mod outcome;
mod own;
mod pages;
mod plane;
mod records;
mod report;
mod reports;
mod secrets;
mod support;
mod tidy;
