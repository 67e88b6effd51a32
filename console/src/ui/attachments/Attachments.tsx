// The files of a message: pictures as such, sound to be played, the rest by name. A click shows them large without
// leaving the page.

import { Modal } from '@mantine/core'
import { IconFile, IconFileTypePdf, IconMusic, IconPhotoOff } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { attachmentUrl } from '../../api/attachments'
import type { Attachment } from '../../api/schema'
import { texts } from '../../texts'
import classes from './Attachments.module.css'
import { FileViewer } from './FileViewer'
import { type FileKind, fileKind, fileSize } from './kinds'

const ICONS: Record<FileKind, typeof IconFile> = {
  image: IconPhotoOff,
  pdf: IconFileTypePdf,
  audio: IconMusic,
  file: IconFile,
}

type Props = { files: readonly Attachment[]; extra?: ((file: Attachment) => ReactNode) | undefined }

export function Attachments({ files, extra }: Props) {
  const [open, setOpen] = useState<Attachment | null>(null)
  return (
    <div className={classes.files}>
      {files.map(file => (
        <div key={file.id} className={classes.file}>
          <Thumb file={file} onOpen={() => setOpen(file)} />
          {extra?.(file)}
        </div>
      ))}
      <Modal
        opened={open !== null}
        onClose={() => setOpen(null)}
        size="min(960px, 94vw)"
        title={open?.name}
        closeButtonProps={{ 'aria-label': texts.common.close }}
      >
        <div className={classes.large}>{open && <FileViewer file={open} />}</div>
      </Modal>
    </div>
  )
}

function Thumb({ file, onOpen }: { file: Attachment; onOpen: () => void }) {
  const [broken, setBroken] = useState(false)
  const kind = fileKind(file.media_type)
  if (kind === 'image' && !broken) {
    return (
      <button
        type="button"
        className={classes.picture}
        aria-label={texts.attachments.enlarge(file.name)}
        onClick={onOpen}
      >
        <img src={attachmentUrl(file.id)} alt="" loading="lazy" onError={() => setBroken(true)} />
      </button>
    )
  }
  if (kind === 'audio' && !broken) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: a voice note has its words in the thread
      <audio
        className={classes.sound}
        controls
        preload="metadata"
        src={attachmentUrl(file.id)}
        aria-label={texts.attachments.play(file.name)}
        onError={() => setBroken(true)}
      />
    )
  }
  const Icon = ICONS[kind]
  return (
    <button type="button" className={classes.card} onClick={onOpen}>
      <Icon size={26} stroke={1.5} aria-hidden />
      <span className={classes.words}>
        <strong className="clip">{file.name}</strong>
        <span>
          {texts.attachments[kind]} · {fileSize(file.size)}
        </span>
      </span>
    </button>
  )
}
