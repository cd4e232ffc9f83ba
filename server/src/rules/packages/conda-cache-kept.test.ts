import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { condaCacheKept } from './conda-cache-kept.ts';

const from = 'FROM continuumio/miniconda3\n';

describeRule(condaCacheKept, {
  accepts: {
    cleaned: `${from}RUN conda install -y numpy && conda clean -afy`,
    'cleaned by the other name': `${from}RUN mamba install -y numpy && conda clean --all`,
    removed: `${from}RUN conda install -y numpy && rm -rf /opt/conda/pkgs`,
    'a cache mount': `${from}RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y numpy`,
    'a stage that does not ship': 'FROM continuumio/miniconda3 AS build\nRUN conda install -y numpy\nFROM debian:13\n',
    'no download': `${from}RUN conda config --add channels x && conda init`,
  },
  fixes: {
    plain: [
      `${from}RUN conda ⟦install⟧ -y numpy`,
      { text: `${from}RUN conda install -y numpy && conda clean -ay`, safety: 'safe' },
    ],
    'environment file': [
      `${from}RUN conda ⟦env⟧ create -f e.yml && x`,
      `${from}RUN conda env create -f e.yml && conda clean -ay && x`,
    ],
    'by path, over lines': [
      `${from}RUN a \\\n  && /opt/conda/bin/conda ⟦install⟧ numpy \\\n  && b`,
      `${from}RUN a \\\n  && /opt/conda/bin/conda install numpy \\\n  && /opt/conda/bin/conda clean -ay \\\n  && b`,
    ],
    several: [
      `${from}RUN conda ⟦update⟧ conda && mamba install x`,
      `${from}RUN conda update conda && mamba install x && mamba clean -ay`,
    ],
  },
  reports: { guarded: `${from}RUN conda ⟦install⟧ -y numpy || true` },
});
