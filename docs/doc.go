// Package docs holds the documents. Its tests run every command that they show,
// read every suite, and look up every excerpt of code and every link.
package docs
