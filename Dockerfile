# Docent in a container. Node runs the TypeScript as it is: nothing is built but the folder of packages.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without what only tests and development need, the pinned Node among it: the image brings its own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json LICENSE slack-manifest.json ./
COPY scripts ./scripts
COPY src ./src
# The program writes here alone: the root may be read-only.
RUN mkdir /data && chown node:node /data
VOLUME /data
# Within a container everybody is another machine, so WEB_TOKEN has to be set; the start says so.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# As in `npm start`, without npm: signals reach the program itself.
CMD ["node", "--import", "./scripts/keep-compiled.js", "--max-semi-space-size=8", "src/main.ts"]
