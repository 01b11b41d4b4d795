//! The only integration binary: everything here runs the program as its users do.

mod browser;
mod cache;
mod constructs;
mod fixture;
mod hostile;
mod init;
mod outcome;
mod own;
mod pages;
mod plane;
mod report;
mod reports;
mod secrets;
mod support;
mod tidy;
