import type { ShellWord } from '../syntax/shell.ts';

/** An option as a tool reads it. */
export interface GivenOption {
  /** `--yes`, `-y`; the exact word for tools whose options are words behind one dash (`-ldflags`). */
  readonly name: string;
  /** The word that it stands in, together with others when it is a cluster. */
  readonly word: ShellWord;
  /** What is glued to it: `--prefix=x`, `-ox`; undefined also when that is not literal. */
  readonly value: string | undefined;
  /** The same as written. */
  readonly valueText: string | undefined;
  /** The next word, when that is or may be its value. */
  readonly valueWord: ShellWord | undefined;
}

export interface ReadArguments {
  readonly options: readonly GivenOption[];
  /** Words that are neither options nor their values. */
  readonly operands: readonly ShellWord[];
}

/** How a tool reads its options. What is left out: letters behind one dash are options of their own, without values. */
interface OptionSyntax {
  /** Options that take the next word as their value; short ones also what is glued to them. */
  readonly taking: readonly string[];
  /** Letters whose value is optional, and then glued to them: `-i.bak`. */
  readonly glued?: string;
  /** One dash begins a word (`-ldflags`, `-Dskip=true`), not a cluster of letters. */
  readonly words?: true;
  /** Of a tool with words: short options that may have their value glued to them. */
  readonly prefixes?: RegExp;
}

/** Reads arguments as the tool does, as far as its options are known. Never throws. */
export function readArguments(tool: string, args: readonly ShellWord[]): ReadArguments {
  const syntax = syntaxOf(tool);
  const options: GivenOption[] = [];
  const operands: ShellWord[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const text = word.value ?? word.text;
    if (word.text === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      continue;
    }
    const next = args[i + 1];
    const found = isCluster(text, syntax) ? clusterOptions(text, syntax) : [wordOption(text, syntax)];
    const last = found.at(-1)!;
    const takes = !last.hasValue && syntax.taking.includes(last.name);
    options.push(
      ...found.map(({ name, valueText, hasValue }) => ({
        name,
        word,
        value: word.value === undefined ? undefined : valueText,
        valueText,
        // Of an option that the table does not know, the next word may be its value all the same.
        valueWord: name === last.name && !hasValue ? next : undefined,
      })),
    );
    if (takes) i++;
  }
  return { options, operands };
}

interface FoundOption {
  readonly name: string;
  readonly valueText: string | undefined;
  readonly hasValue: boolean;
}

function isCluster(text: string, syntax: OptionSyntax): boolean {
  return !syntax.words && !text.startsWith('--') && /^-[A-Za-z0-9#]/.test(text);
}

/** The letters up to the one that takes a value: the rest is the value, or the next word when nothing is left. */
function clusterOptions(text: string, { taking, glued = '' }: OptionSyntax): FoundOption[] {
  const found: FoundOption[] = [];
  for (let at = 1; at < text.length; at++) {
    const letter = text[at]!;
    if (at > 1 && !/[A-Za-z0-9#]/.test(letter)) break;
    const name = `-${letter}`;
    const rest = text.slice(at + 1);
    const takesRest = rest.startsWith('=') || taking.includes(name) || glued.includes(letter);
    if (takesRest && rest !== '') {
      found.push({ name, valueText: rest.replace(/^=/, ''), hasValue: true });
      break;
    }
    found.push({ name, valueText: undefined, hasValue: glued.includes(letter) });
  }
  return found;
}

function wordOption(text: string, { prefixes }: OptionSyntax): FoundOption {
  const separator = text.indexOf('=');
  const name = prefixes?.exec(text)?.[0] ?? (separator > 0 ? text.slice(0, separator) : text);
  const rest = text.slice(name.length);
  return rest === ''
    ? { name, valueText: undefined, hasValue: false }
    : { name, valueText: rest.replace(/^=/, ''), hasValue: true };
}

const nothing: OptionSyntax = { taking: [] };

function syntaxOf(tool: string): OptionSyntax {
  const name = /^pip[\d.]+$/.test(tool) ? 'pip' : tool;
  return Object.hasOwn(syntaxes, name) ? syntaxes[name]! : nothing;
}

function taking(options: string): OptionSyntax {
  return { taking: options.split(/\s+/) };
}

const aptGet = taking('-o --option -t --target-release --default-release -c --config-file -a --host-architecture');
const dnf = taking(
  '-c --config --installroot -x --exclude --enablerepo --disablerepo --setopt --releasever --repo -d --debuglevel ' +
    '-e --errorlevel -R --randomwait',
);
const conda = taking('-c --channel -n --name -p --prefix -f --file -r --root-prefix --solver');
const maven: OptionSyntax = {
  ...taking('-f --file -s --settings -gs --global-settings -pl --projects -P --activate-profiles -T --threads -l'),
  words: true,
  // `-fae`, `-ff` and `-fn` say what to do at a failure.
  prefixes: /^-(?:[PDT](?!$)|f(?!$|ae$|f$|n$))/,
};
const gradle: OptionSyntax = {
  ...taking(
    '-p --project-dir -b --build-file -c --settings-file -x --exclude-task -g --gradle-user-home -I --init-script --console',
  ),
  words: true,
  prefixes: /^-[PDIx](?!$)/,
};
const mysql = taking('-u --user -h --basedir -b --datadir -P --port -p --pid-file --socket -S');

/** Options of the tools that rules look at; the letters of others are taken for options without values. */
const syntaxes: Readonly<Record<string, OptionSyntax>> = {
  'apt-get': aptGet,
  apt: aptGet,
  aptitude: taking('-o -t --target-release'),
  apk: taking(
    '-t --virtual -X --repository -p --root --repositories-file --keys-dir --cache-dir --arch --wait --cache-max-age',
  ),
  yum: dnf,
  dnf,
  dnf5: dnf,
  microdnf: taking('--installroot --enablerepo --disablerepo --setopt --releasever --repo -x --exclude'),
  tdnf: taking('--installroot --enablerepo --disablerepo --releasever -c --config -x --exclude'),
  zypper: taking('-R --root -r --repo --from -D --reposd-dir -t --type'),
  pip: taking(
    '-r --requirement -c --constraint -e --editable -t --target --prefix --root --src -i --index-url ' +
      '--extra-index-url -f --find-links --trusted-host --cache-dir --timeout --retries --proxy --cert --progress-bar ' +
      '--global-option --config-settings -C --platform --python-version --only-binary --no-binary --upgrade-strategy ' +
      '--root-user-action --report --log',
  ),
  conda,
  mamba: conda,
  micromamba: conda,
  uv: taking(
    '--python -p --directory --project -r --requirement -c --index-url --extra-index-url --group --extra -e --editable',
  ),
  npm: taking('--prefix -C --registry --cache -w --workspace --loglevel --userconfig --omit --include --only'),
  pnpm: taking('--dir -C --filter -F --store-dir --registry --reporter --virtual-store-dir'),
  yarn: taking('--cwd --registry --cache-folder --modules-folder --network-timeout --mutex'),
  gem: taking('-v --version -i --install-dir -n --bindir -s --source'),
  bundle: taking('--jobs -j --retry --without --with --path --gemfile --binstubs'),
  go: {
    ...taking('-C -ldflags -tags -o -gcflags -asmflags -mod -modfile -p -buildmode -overlay -pkgdir -exec -run'),
    words: true,
  },
  cargo: taking(
    '--target -F --features --bin --manifest-path --root --path --git --version -p --package -j --jobs --profile ' +
      '--target-dir --config -Z -C --color',
  ),
  composer: taking('-d --working-dir'),
  mvn: maven,
  mvnw: maven,
  dotnet: {
    ...taking(
      '-c --configuration -o --output -r --runtime -f --framework -v --verbosity --source -s --configfile -a --arch --os',
    ),
    words: true,
    prefixes: /^-p(?=:)/,
  },
  gradle,
  gradlew: gradle,
  poetry: taking('-C --directory -P --project --with --without --only -E --extras'),
  git: taking('-C -c -b --branch --depth -o --origin -j --jobs --reference --filter --config --template'),
  useradd: taking(
    '-u --uid -g --gid -G --groups -d --home-dir --home -s --shell -c --comment -b --base-dir -e --expiredate ' +
      '-f --inactive -k --skel -K --key -p --password -R --root -P --prefix -Z --selinux-user',
  ),
  adduser: taking(
    '-u --uid -g --gid -G --ingroup --gecos -h --home -s --shell -k --firstuid --lastuid --firstgid --lastgid --conf ' +
      '--comment',
  ),
  groupadd: taking('-g --gid -K -p --password -R --root -P'),
  addgroup: taking('-g --gid --conf --firstgid --lastgid'),
  usermod: taking(
    '-u --uid -g --gid -G --groups -d --home -s --shell -c --comment -e -f -l --login -p --password -R -P -Z',
  ),
  curl: taking(
    '-A --user-agent -b --cookie -c --cookie-jar -C --continue-at -d --data -D --dump-header -e --referer -E --cert ' +
      '-F --form -H --header -K --config -m --max-time -o --output --output-dir -P --ftp-port -Q --quote -r --range ' +
      '-t --telnet-option -T --upload-file -u --user -U --proxy-user -w --write-out -x --proxy -X --request ' +
      '-y --speed-time -Y --speed-limit -z --time-cond --retry --retry-delay --retry-max-time --connect-timeout ' +
      '--max-redirs --cacert --capath --key --resolve --connect-to --interface --proto --proto-redir --tls-max ' +
      '--data-raw --data-binary --data-urlencode --data-ascii --form-string --json --url --ciphers --limit-rate',
  ),
  wget: {
    ...taking(
      '-O --output-document -P --directory-prefix -o --output-file -a --append-output -e --execute -i --input-file ' +
        '-B --base -t --tries -T --timeout -w --wait -Q --quota -U --user-agent -l --level -A --accept -R --reject ' +
        '-D --domains -I --include-directories -X --exclude-directories --header --user --password --post-data ' +
        '--post-file --ca-certificate --waitretry --read-timeout --connect-timeout --dns-timeout --method --body-data ' +
        '--referer --cut-dirs --progress --secure-protocol',
    ),
    // `-nc`, `-nv`: two letters, one option.
    glued: 'n',
  },
  sed: { ...taking('-e --expression -f --file -l --line-length'), glued: 'i' },
  mkdir: taking('-m --mode'),
  install: taking('-t --target-directory -o --owner -g --group -m --mode -S --suffix'),
  cp: taking('-t --target-directory -S --suffix'),
  mv: taking('-t --target-directory -S --suffix'),
  ln: taking('-t --target-directory -S --suffix'),
  nginx: taking('-c -g -p -s -e'),
  httpd: taking('-D -d -f -C -c -k -E'),
  apachectl: taking('-D -d -f -C -c -k -E'),
  apache2ctl: taking('-D -d -f -C -c -k -E'),
  sshd: taking('-f -o -p -h -E -g -b -c -C -k -u'),
  mysqld: mysql,
  mysqld_safe: mysql,
  mariadbd: mysql,
  find: { taking: [], words: true },
  java: { taking: ['-cp', '-classpath', '--class-path', '-jar', '-p', '--module-path', '-m'], words: true },
};
