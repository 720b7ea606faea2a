// SPDX-License-Identifier: MIT
// The page of `neardup serve`.
function main() {}
