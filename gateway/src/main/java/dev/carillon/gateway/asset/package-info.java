/// Keeps files and serves them: results of tasks, and what callers send as inputs.
///
/// ```
///  provider ─ answer ─► engine ─ finalizing ─► AssetKeeper ─► Copier ─► Fetcher ─ guard ─► source
///                                                  │            │          │
///                                                  │            │          ▼
///                                                  │            │       Staging   size, SHA-256,
///                                                  ▼            ▼          │      type, fsync
///  caller ◄─ range, ETag ─ AssetRoutes ◄──── Links        AssetStore ◄─────┘
///                          UploadRoutes                 local folder or S3
/// ```
///
/// **It takes** the answer of a provider and **gives** the same text with addresses of ours where
/// files were copied. What cannot be copied keeps the provider's address, and a note says why; a
/// task never fails because of its files.
///
/// **A file is there whole or not at all**: it is complete and on the disk under another name
/// before it gets its own. Names hold index, SHA-256 and type, so there is no table of files, and
/// nothing to bring in step with one.
///
/// **When the machine dies** in the middle, the engine asks again with the same answer; files that
/// were complete are not fetched again, half ones are deleted later. What a purged or deleted task
/// leaves, the [dev.carillon.gateway.asset.Sweeper] finds by asking the ledger.
///
/// **Nobody is trusted**: an address goes through the same guard as a callback's, also after each
/// redirect; a type is told by the first bytes; nothing is unpacked; every size and time has a
/// bound.
///
/// It also serves the sandbox's media from a [dev.carillon.gateway.domain.MediaSource], which are
/// ours already.
@NullMarked
package dev.carillon.gateway.asset;

import org.jspecify.annotations.NullMarked;
