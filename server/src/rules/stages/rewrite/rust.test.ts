import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('Rust', {
  offers: {
    'without context says what it assumes': {
      text: 'FROM ⟦rust:1.91⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nEXPOSE 8080\nCMD ["./target/release/app"]\n',
      gives:
        'FROM rust:1.91 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n\nFROM gcr.io/distroless/cc-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /app/target/release/app /app/target/release/app\nEXPOSE 8080\nCMD ["./target/release/app"]\n',
      title: 'distroless/cc-debian13:nonroot (as nonroot; assumes that it needs only its binary and libc)',
    },
    'with context, assets and a second program': {
      text: 'FROM ⟦rust:1.91⟧ AS app\nWORKDIR /app\n# manifests\nCOPY . .\nENV RUST_LOG=info CARGO_INCREMENTAL=0\nENV CARGO_NET_RETRY=10\nRUN cargo build --release\nCMD ./target/release/app --port 80\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        'src/main.rs': '',
        'src/bin/migrate.rs': '',
        'templates/index.html': '',
        'README.md': '',
      },
      gives:
        'FROM rust:1.91 AS build\nWORKDIR /app\n# manifests\nCOPY . .\nENV RUST_LOG=info CARGO_INCREMENTAL=0\nENV CARGO_NET_RETRY=10\nRUN cargo build --release\n\nFROM gcr.io/distroless/cc-debian13:nonroot AS app\nENV RUST_LOG=info CARGO_INCREMENTAL=0\nWORKDIR /app\nCOPY --from=build /app/target/release/app /app/target/release/app\nCOPY --from=build /app/target/release/migrate /app/target/release/migrate\nCOPY --from=build /app/templates /app/templates\nCMD ["./target/release/app", "--port", "80"]\n',
      title: 'distroless/cc-debian13:nonroot (as nonroot)',
    },
    'cargo install and a bare name': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /usr/src/app\nCOPY . .\nRUN cargo install --path .\nCMD ["app"]\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        'src/main.rs': '',
      },
      gives:
        'FROM rust:1 AS build\nWORKDIR /usr/src/app\nCOPY . .\nRUN cargo install --path .\n\nFROM gcr.io/distroless/cc-debian13:nonroot\nWORKDIR /usr/src/app\nCOPY --from=build /usr/local/cargo/bin/app /usr/local/bin/app\nCMD ["app"]\n',
      title: 'distroless/cc-debian13:nonroot (as nonroot)',
    },
    'alpine builds static programs': {
      text: 'FROM ⟦rust:1-alpine⟧\nRUN apk add --no-cache musl-dev\nWORKDIR /app\nCOPY . .\nRUN cargo build --release && cp target/release/app /usr/local/bin/app\nENTRYPOINT ["/usr/local/bin/app"]\nCMD ["serve"]\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        'src/main.rs': '',
      },
      gives:
        'FROM rust:1-alpine AS build\nRUN apk add --no-cache musl-dev\nWORKDIR /app\nCOPY . .\nRUN cargo build --release && cp target/release/app /usr/local/bin/app\n\nFROM gcr.io/distroless/static-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /usr/local/bin/app /usr/local/bin/app\nENTRYPOINT ["/usr/local/bin/app"]\nCMD ["serve"]\n',
      title: 'distroless/static-debian13:nonroot (as nonroot)',
    },
    'a musl target': {
      text: 'FROM --platform=linux/amd64 ⟦rust:1⟧\nRUN rustup target add x86_64-unknown-linux-musl && apt-get update && apt-get install -y musl-tools\nWORKDIR /app\nCOPY . .\nRUN cargo build --release --target x86_64-unknown-linux-musl\nUSER 1000\nCMD ["/app/target/x86_64-unknown-linux-musl/release/app"]\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        'src/main.rs': '',
      },
      gives:
        'FROM --platform=linux/amd64 rust:1 AS build\nRUN rustup target add x86_64-unknown-linux-musl && apt-get update && apt-get install -y musl-tools\nWORKDIR /app\nCOPY . .\nRUN cargo build --release --target x86_64-unknown-linux-musl\n\nFROM --platform=linux/amd64 gcr.io/distroless/static-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /app/target/x86_64-unknown-linux-musl/release/app /app/target/x86_64-unknown-linux-musl/release/app\nUSER 1000\nCMD ["/app/target/x86_64-unknown-linux-musl/release/app"]\n',
      title: 'distroless/static-debian13:nonroot (as 1000)',
    },
    'arguments that only a shell can tell': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ROCKET_PORT=$PORT ./target/release/app\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        'src/main.rs': '',
      },
      gives:
        'FROM rust:1 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n\nFROM debian:trixie-slim\nWORKDIR /app\nCOPY --from=build /app/target/release/app /app/target/release/app\nUSER 10001:10001\nCMD ROCKET_PORT=$PORT ./target/release/app\n',
      title: 'debian:trixie-slim (as 10001:10001; assumes that it needs no CA certificates)',
    },
    'files of another stage': {
      text: 'FROM node:24 AS web\nWORKDIR /web\nRUN npm run build\nFROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nCOPY --from=web /web/dist ./static\nRUN cargo build --release\nCMD ["target/release/app"]\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "serde"\nversion = "1.0.0"\n',
        'src/main.rs': '',
      },
      gives:
        'FROM node:24 AS web\nWORKDIR /web\nRUN npm run build\nFROM rust:1 AS build\nWORKDIR /app\nCOPY . .\nCOPY --from=web /web/dist ./static\nRUN cargo build --release\n\nFROM gcr.io/distroless/cc-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /app/target/release/app /app/target/release/app\nCOPY --from=build /app/static /app/static\nCMD ["target/release/app"]\n',
      title: 'distroless/cc-debian13:nonroot (as nonroot)',
    },
    'a stand-in for the source fills the cache': {
      text: 'FROM ⟦rust:1-slim-bookworm⟧\nWORKDIR /app\nCOPY Cargo.toml Cargo.lock ./\nRUN mkdir src && echo "fn main() {}" > src/main.rs && cargo build --release && rm -rf src\nCOPY src ./src\nCOPY static ./static\nRUN touch src/main.rs && cargo build --release\nENV ROCKET_ADDRESS=0.0.0.0\nCMD ["./target/release/x"]\n',
      gives:
        'FROM rust:1-slim-bookworm AS build\nWORKDIR /app\nCOPY Cargo.toml Cargo.lock ./\nRUN mkdir src && echo "fn main() {}" > src/main.rs && cargo build --release && rm -rf src\nCOPY src ./src\nCOPY static ./static\nRUN touch src/main.rs && cargo build --release\n\nFROM gcr.io/distroless/cc-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /app/target/release/x /app/target/release/x\nCOPY --from=build /app/static /app/static\nENV ROCKET_ADDRESS=0.0.0.0\nCMD ["./target/release/x"]\n',
      title: 'distroless/cc-debian13:nonroot (as nonroot; assumes that it needs only its files and libc)',
    },
  },
  declines: {
    'cargo run': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["cargo", "run", "--release"]\n',
      reason: 'compiled when the container starts',
    },
    openssl: {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n',
      context: {
        'Cargo.toml': '[package]\nname = "app"\n[dependencies]\nserde = "1"\n',
        'Cargo.lock': '[[package]]\nname = "openssl-sys"\n',
        'src/main.rs': '',
      },
      reason: 'needs OpenSSL at run time',
    },
    'a package of the distribution': {
      text: 'FROM ⟦rust:1⟧\nRUN apt-get update && apt-get install -y libpq-dev\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n',
      reason: 'may need libpq-dev',
    },
    'the program lies elsewhere': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["/opt/app"]\n',
      reason: 'does not write it there',
    },
    'the target folder is a cache mount': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/app/target cargo build --release\nCMD ["/app/target/release/app"]\n',
      reason: 'does not write it there',
    },
    'several commands at the start': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ./migrate && ./target/release/app\n',
      reason: 'more than to start one program',
    },
    'a health check with a shell': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nHEALTHCHECK CMD curl -f http://localhost/\nCMD ["./target/release/app"]\n',
      reason: 'health check',
    },
    'a folder for data': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nRUN mkdir /data\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n',
      reason: 'calls mkdir',
    },
    'a file of the network': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /app\nADD https://example.com/geo.mmdb /data/\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n',
      reason: 'only root may read',
    },
  },
});
