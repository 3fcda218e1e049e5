// The rules: what earns points, and until when they are good. A change is asked about, for it counts for everybody.
import { type FormEvent, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { codeDigits } from '../../ui/code-digits.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Group } from '../../ui/group.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import { useMay } from '../who.ts'
import { type Programme, type Source, sources } from './contract.ts'

const most = 1_000

export function ProgrammeView({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operator')
  const [programme, setProgramme] = useState<Programme | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const load = useCallback(async () => {
    const answer = await api.get<Programme>('/points/programme')
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setProgramme(answer.value)
  }, [api])
  useEffect(() => void load(), [load])
  return (
    <>
      <Trouble problem={problem} />
      {problem && (
        <ActionButton className="button" onAct={load}>
          {t('again')}
        </ActionButton>
      )}
      {programme === null && !problem && (
        <div className="card skeleton list-skeleton" aria-hidden="true" />
      )}
      {programme && <ProgrammeForm api={api} programme={programme} onSaved={setProgramme} />}
    </>
  )
}

type FormProperties = {
  api: OperatorApi
  programme: Programme
  onSaved: (programme: Programme) => void
}

function ProgrammeForm({ api, programme, onSaved }: FormProperties) {
  const { t } = useTranslation('operatorPoints')
  const mayChange = useMay('change')
  const [on, setOn] = useState(programme.on)
  const [perYuan, setPerYuan] = useState(programme.perYuan)
  const [chosen, setChosen] = useState<readonly Source[]>(programme.sources)
  const [tried, setTried] = useState(false)
  const [isAsking, ask] = useState(false)
  const { busy, problem, send } = useSend()
  const isCountWrong = Number(perYuan) < 1 || Number(perYuan) > most
  const isSourceMissing = chosen.length === 0
  const names = chosen.map((source) => t(`source.${source}`)).join(t('between'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isCountWrong && !isSourceMissing && !busy) ask(true)
  }
  const save = async () => {
    const wanted = { on, perYuan: String(Number(perYuan)), sources: chosen }
    const answer = await send(() => api.put<Programme>('/points/programme', wanted))
    if (answer.ok) onSaved(answer.value)
  }
  return (
    <form className="card approval points-form" onSubmit={submit} noValidate>
      <fieldset className="points-fields" disabled={!mayChange}>
        <label className="tick">
          <input type="checkbox" checked={on} onChange={() => setOn(!on)} />
          {t('programme.on')}
        </label>
        <Field
          id="per-yuan"
          label={t('programme.perYuan')}
          hint={t('programme.perYuanHint')}
          complaint={tried && isCountWrong ? t('programme.perYuanWrong') : ''}
          inputMode="numeric"
          value={perYuan}
          onChange={(event) => setPerYuan(codeDigits(event.target.value, 4))}
        />
        <Group className="choices" label={t('programme.sources')}>
          <span className="choices-label">{t('programme.sources')}</span>
          {sources.map((source) => (
            <label key={source} className="tick">
              <input
                type="checkbox"
                checked={chosen.includes(source)}
                onChange={() => setChosen(toggled(chosen, source))}
              />
              {t(`source.${source}`)}
            </label>
          ))}
          <p className="note note-bad">
            {tried && isSourceMissing && t('programme.sourceMissing')}
          </p>
        </Group>
      </fieldset>
      <p className="fine">{t('programme.expiry')}</p>
      <p className="fine">{t('programme.later')}</p>
      <Trouble problem={problem} />
      {programme.since && (
        <p className="fine num" role="status">
          {t('programme.since', { at: dateTimeOf(Date.parse(programme.since), checkoutZone) })}
        </p>
      )}
      {mayChange && (
        <div className="row approval-actions">
          <button type="submit" className="button button-primary" disabled={busy} aria-busy={busy}>
            {t('programme.save')}
          </button>
        </div>
      )}
      {isAsking && (
        <ConfirmDialog
          title={t('programme.question')}
          text={on ? t('programme.willEarn', { points: perYuan, names }) : t('programme.willStop')}
          action={t('programme.save')}
          onConfirm={() => void save()}
          onClose={() => ask(false)}
        />
      )}
    </form>
  )
}

const toggled = (chosen: readonly Source[], one: Source) =>
  sources.filter((source) => chosen.includes(source) !== (source === one))
