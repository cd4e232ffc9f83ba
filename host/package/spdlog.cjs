// Takes the place of the native module @vscode/spdlog in the installed editor host. Without that module every Output
// channel stays empty, and building it would need a C++ compiler. Same interface: one file per logger, rotated by size.
const { appendFileSync, existsSync, mkdirSync, renameSync, statSync } = require('node:fs');
const { dirname, extname } = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];
let level = 2;

class Logger {
  constructor(_type, _name, file, maxSize, maxFiles) {
    mkdirSync(dirname(file), { recursive: true });
    Object.assign(this, { file, maxSize, maxFiles, level, raw: false });
    this.size = existsSync(file) ? statSync(file).size : 0;
    if (this.size === 0) appendFileSync(file, '');
  }

  trace(message) {
    this.write(0, message);
  }
  debug(message) {
    this.write(1, message);
  }
  info(message) {
    this.write(2, message);
  }
  warn(message) {
    this.write(3, message);
  }
  error(message) {
    this.write(4, message);
  }
  critical(message) {
    this.write(5, message);
  }

  getLevel() {
    return this.level;
  }
  setLevel(value) {
    this.level = value;
  }
  setPattern() {}
  /** From now on messages are written as they are, without time, level and line end. */
  clearFormatters() {
    this.raw = true;
  }
  flush() {}
  drop() {}

  write(severity, message) {
    if (severity < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const text = this.raw ? message : `${time} [${names[severity]}] ${message}\n`;
    this.size += Buffer.byteLength(text);
    if (this.size > this.maxSize) this.rotate(Buffer.byteLength(text));
    try {
      appendFileSync(this.file, text);
    } catch {
      // The log folder may be gone while the editor ends; a log must not be what makes it fail.
    }
  }

  rotate(size) {
    const ending = extname(this.file);
    const numbered = (n) => (n === 0 ? this.file : `${this.file.slice(0, -ending.length || undefined)}.${n}${ending}`);
    for (let n = this.maxFiles - 1; n >= 0; n--) {
      if (existsSync(numbered(n))) renameSync(numbered(n), numbered(n + 1));
    }
    this.size = size;
  }
}

exports.version = 0;
exports.Logger = Logger;
exports.setLevel = (value) => {
  level = value;
};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file, size, count) => new Logger('rotating', name, file, size, count);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
