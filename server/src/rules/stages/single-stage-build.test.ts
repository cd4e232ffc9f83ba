import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { singleStageBuild } from './single-stage-build.ts';

const nodeProject = {
  'package.json':
    '{"scripts":{"build":"tsc","start":"node dist/index.js"},"dependencies":{"express":"5"},"devDependencies":{"typescript":"5"}}',
  'package-lock.json': '{}',
  'src/index.ts': '',
};

describeRule(singleStageBuild, {
  accepts: {
    'two stages': 'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x\nCMD ["/x"]',
    'nothing is built': 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "x.js"]',
    'an image to build in': 'FROM golang:1.26\nRUN go install golang.org/x/tools/gopls@latest\nCMD ["/bin/bash"]',
    'nothing says what starts': 'FROM rust:1\nWORKDIR /app\nCOPY . .\nRUN cargo build --release',
    'another image': 'FROM debian:13\nRUN make',
    'a base image for others': 'FROM golang:1.26\nONBUILD RUN go build -o /x',
  },
  reports: {
    'go run compiles at the start':
      'FROM ⟦golang:1.26⟧\nWORKDIR /app\nCOPY . .\nRUN go build ./...\nCMD ["go", "run", "main.go"]',
    'packages that the program may need':
      'FROM ⟦golang:1.26⟧\nRUN apt-get update && apt-get install -y ffmpeg\nWORKDIR /app\nCOPY . .\nRUN go build -o /x\nCMD ["/x"]',
    cgo: {
      text: 'FROM ⟦golang:1.26⟧\nWORKDIR /app\nCOPY . .\nRUN go build -o /x\nCMD ["/x"]',
      context: { 'go.mod': 'module x', 'main.go': 'package main\nimport "C"\n' },
    },
    'the build does not write what starts':
      'FROM ⟦golang:1.26⟧\nWORKDIR /app\nCOPY . .\nRUN go build -o /x\nCMD ["/y"]',
    'variables decide where go install writes':
      'FROM ⟦golang:1.26⟧\nENV GOBIN=/usr/local/bin\nWORKDIR /app\nCOPY . .\nRUN go install ./cmd/web\nCMD ["/go/bin/web"]',
    'a dev dependency starts': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "start"]',
      context: {
        ...nodeProject,
        'package.json': '{"scripts":{"start":"ts-node src/index.ts"},"devDependencies":{"ts-node":"10"}}',
      },
    },
    'prisma needs openssl': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]',
      context: { ...nodeProject, 'package.json': '{"dependencies":{"@prisma/client":"6"}}' },
    },
  },
  fixes: {
    'go, cgo not decided, shell form of CMD': [
      {
        text: 'FROM ⟦golang:1.26⟧\nWORKDIR /app\nCOPY go.mod go.sum ./\nRUN go mod download\n\n# sources\nCOPY . .\nRUN go build -o server .\n\nEXPOSE 8080\nCMD ./server\n',
        context: { 'go.mod': 'module example.com/app\n', 'main.go': 'package main\n', 'templates/a.html': '<p>' },
      },
      'FROM golang:1.26 AS build\nWORKDIR /app\nCOPY go.mod go.sum ./\nRUN go mod download\n\n# sources\nCOPY . .\nRUN go build -o server .\n\nFROM gcr.io/distroless/base-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /app/server /app/server\nCOPY --from=build /app/templates /app/templates\n\nEXPOSE 8080\nCMD ["./server"]\n',
    ],
    'folders that COPY makes again, an Alpine that is not known': [
      'FROM ⟦golang:1.11-alpine⟧ AS app\nENV DIR=/go/src/hot\nRUN mkdir -p $DIR\nCOPY . $DIR\nWORKDIR $DIR\nRUN go install ./cmd/hot\nVOLUME /x\nUSER nobody\nCMD ["hot"]\n',
      'FROM golang:1.11-alpine AS build\nENV DIR=/go/src/hot\nRUN mkdir -p $DIR\nCOPY . $DIR\nWORKDIR $DIR\nRUN go install ./cmd/hot\n\nFROM alpine:3.24 AS app\nENV DIR=/go/src/hot\nWORKDIR /go/src/hot\nCOPY --from=build /go/bin/hot /usr/local/bin/hot\nVOLUME /x\nUSER nobody\nCMD ["hot"]\n',
    ],
    'a file elsewhere, a folder that is named': [
      'FROM ⟦golang:1.26⟧\nWORKDIR /src\nCOPY *.go go.* ./\nCOPY templates ./templates\nCOPY app.yaml /etc/app/\nRUN CGO_ENABLED=0 go build -o /app\nCMD ["/app"]\n',
      {
        text: 'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY *.go go.* ./\nCOPY templates ./templates\nCOPY app.yaml /etc/app/\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM gcr.io/distroless/static-debian13:nonroot\nWORKDIR /src\nCOPY --from=build /app /app\nCOPY --from=build /src/templates /src/templates\nCOPY --from=build /etc/app/app.yaml /etc/app/app.yaml\nCMD ["/app"]\n',
        title: 'needs only its files',
      },
    ],
    'go install and a bare name': [
      'FROM ⟦golang:1.26⟧\nENV CGO_ENABLED=0 PORT=80\nWORKDIR /go/src/app\nCOPY . .\nRUN go install ./cmd/web\nENTRYPOINT ["web"]\n',
      'FROM golang:1.26 AS build\nENV CGO_ENABLED=0 PORT=80\nWORKDIR /go/src/app\nCOPY . .\nRUN go install ./cmd/web\n\nFROM gcr.io/distroless/static-debian13:nonroot\nENV CGO_ENABLED=0 PORT=80\nWORKDIR /go/src/app\nCOPY --from=build /go/bin/web /usr/local/bin/web\nENTRYPOINT ["web"]\n',
    ],
    'a folder for programs of its own': [
      'FROM ⟦golang:1.26⟧\nENV GOBIN=/usr/local/bin CGO_ENABLED=0\nWORKDIR /app\nCOPY . .\nRUN go install ./cmd/web\nCMD ["web"]\n',
      'FROM golang:1.26 AS build\nENV GOBIN=/usr/local/bin CGO_ENABLED=0\nWORKDIR /app\nCOPY . .\nRUN go install ./cmd/web\n\nFROM gcr.io/distroless/static-debian13:nonroot\nWORKDIR /app\nCOPY --from=build /usr/local/bin/web /usr/local/bin/web\nCMD ["web"]\n',
    ],
    'an absolute path stays where it is': [
      'FROM ⟦golang:1.26⟧\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go install ./cmd/server\nENTRYPOINT ["/go/bin/server"]\n',
      'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go install ./cmd/server\n\nFROM gcr.io/distroless/static-debian13:nonroot\nWORKDIR /src\nCOPY --from=build /go/bin/server /go/bin/server\nENTRYPOINT ["/go/bin/server"]\n',
    ],
    'node with typescript': [
      {
        text: 'FROM ⟦node:24⟧\nARG VERSION=dev\nENV VERSION=$VERSION\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nEXPOSE 3000\n# go\nCMD ["npm", "start"]\n',
        context: nodeProject,
      },
      'FROM node:24 AS build\nARG VERSION=dev\nENV VERSION=$VERSION\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nRUN npm prune --omit=dev\n\nFROM node:24-slim\nARG VERSION=dev\nENV VERSION=$VERSION\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nEXPOSE 3000\n# go\nUSER node\nCMD ["npm", "start"]\n',
    ],
    'node without context says what it assumes': [
      'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN yarn install && yarn build\nUSER node\nCMD ["node", "dist"]\n',
      {
        text: 'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN yarn install && yarn build\nRUN yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline\n\nFROM node:24-slim\nCOPY --from=build /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
        title: 'assumes that it needs no dev dependency',
      },
    ],
  },
});
