# Docent in a container. Node runs the TypeScript as it is: nothing is built but the folder of packages, and what Node
# keeps of the first start for the next ones.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without what only tests and development need, the pinned Node among it: the image brings its own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# Types and maps of packages are read by nobody here, and are half of them.
RUN find node_modules -type f \( -name "*.map" -o -name "*.d.ts" -o -name "*.d.mts" -o -name "*.d.cts" \) -delete
COPY LICENSE slack-manifest.json ./
COPY scripts ./scripts
COPY src ./src
# The first start, by the user of all others: Node keeps what it compiled for each user apart. Only root may change it.
RUN mkdir /data node_modules/.cache && chown node:node /data node_modules/.cache
USER node
RUN DATA_DIR=/tmp/first-start PORT=0 node --import ./scripts/keep-compiled.js --max-semi-space-size=8 scripts/compile-ahead.ts \
  && chmod -R go+rX node_modules/.cache

FROM node:24-slim
WORKDIR /app
COPY --from=build --chown=root:root /app ./
# The program writes here alone: the root may be read-only.
COPY --from=build --chown=node:node /data /data
VOLUME /data
# Within a container everybody is another machine, so WEB_TOKEN has to be set; the start says so.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# As in `npm start`, without npm: signals reach the program itself.
CMD ["node", "--import", "./scripts/keep-compiled.js", "--max-semi-space-size=8", "src/main.ts"]
