// A file to be looked at closely: a picture that grows and turns, a PDF in its place, anything else to be opened.

import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconDownload,
  IconExternalLink,
  IconFile,
  IconRotateClockwise,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { attachmentUrl } from '../../api/attachments'
import type { Attachment } from '../../api/schema'
import { texts } from '../../texts'
import classes from './FileViewer.module.css'
import { fileKind, fileSize } from './kinds'

const t = texts.attachments

export function FileViewer({ file }: { file: Attachment }) {
  const kind = fileKind(file.media_type)
  const url = attachmentUrl(file.id)
  if (kind === 'image') return <Picture file={file} url={url} />
  return (
    <figure className={classes.viewer}>
      <Bar file={file} url={url} />
      {kind === 'pdf' ? (
        <Pdf file={file} url={url} />
      ) : kind === 'audio' ? (
        <Sound url={url} />
      ) : (
        <Nothing file={file} />
      )}
    </figure>
  )
}

function Picture({ file, url }: { file: Attachment; url: string }) {
  const [large, setLarge] = useState(false)
  const [turns, setTurns] = useState(0)
  const [broken, setBroken] = useState(false)
  const Zoom = large ? IconZoomOut : IconZoomIn
  return (
    <figure className={classes.viewer}>
      <Bar file={file} url={url}>
        <Tool label={t.rotate} onClick={() => setTurns(n => (n + 1) % 4)}>
          <IconRotateClockwise size={18} />
        </Tool>
        <Tool label={large ? t.whole : t.actual} onClick={() => setLarge(on => !on)}>
          <Zoom size={18} />
        </Tool>
      </Bar>
      {broken ? (
        <Nothing file={file} broken />
      ) : (
        <div className={classes.stage} data-large={large}>
          <button
            type="button"
            className={classes.picture}
            aria-label={large ? t.whole : t.actual}
            onClick={() => setLarge(on => !on)}
          >
            <img src={url} alt={file.name} data-turns={turns} onError={() => setBroken(true)} />
          </button>
        </div>
      )}
    </figure>
  )
}

function Pdf({ file, url }: { file: Attachment; url: string }) {
  return <iframe className={classes.pdf} src={`${url}#toolbar=0&navpanes=0&view=FitH`} title={file.name} />
}

function Sound({ url }: { url: string }) {
  return (
    <div className={classes.stage}>
      {/* biome-ignore lint/a11y/useMediaCaption: a voice note has its words in the thread */}
      <audio controls src={url} />
    </div>
  )
}

function Nothing({ file, broken }: { file: Attachment; broken?: boolean }) {
  return (
    <div className={classes.stage}>
      <div className={classes.nothing}>
        <IconFile size={32} stroke={1.4} aria-hidden />
        <strong>{broken ? t.broken : file.name}</strong>
        <span>{broken ? t.brokenHelp : fileSize(file.size)}</span>
      </div>
    </div>
  )
}

function Bar({ file, url, children }: { file: Attachment; url: string; children?: ReactNode }) {
  return (
    <figcaption className={classes.bar}>
      <span className="clip" title={file.name}>
        {file.name} <span className="muted">{fileSize(file.size)}</span>
      </span>
      <span className={classes.tools}>
        {children}
        <Tool label={t.open} href={url}>
          <IconExternalLink size={18} />
        </Tool>
        <Tool label={t.download} href={url} download={file.name}>
          <IconDownload size={18} />
        </Tool>
      </span>
    </figcaption>
  )
}

type ToolProps = { label: string; children: ReactNode; onClick?: () => void; href?: string; download?: string }

function Tool({ label, children, onClick, href, download }: ToolProps) {
  const look = { variant: 'subtle', color: 'gray', size: 40, 'aria-label': label } as const
  return (
    <Tooltip label={label}>
      {href ? (
        <ActionIcon
          {...look}
          component="a"
          href={href}
          {...(download ? { download } : { target: '_blank', rel: 'noreferrer' })}
        >
          {children}
        </ActionIcon>
      ) : (
        <ActionIcon {...look} onClick={onClick}>
          {children}
        </ActionIcon>
      )}
    </Tooltip>
  )
}
