// A file in the visitor's chat. It is fetched with the visitor's token, so the browser gets it from memory.

import { IconFile } from '@tabler/icons-react'
import { useFileUrl } from '../../api/attachments'
import type { Attachment } from '../../api/schema'
import { type Credentials, ownFileUrl } from '../../api/webchat'
import { fileKind } from '../../ui/attachments/kinds'
import classes from './ChatFile.module.css'

export function ChatFiles({ files, session }: { files: Attachment[]; session: Credentials }) {
  return (
    <div className={classes.files}>
      {files.map(file => (
        <ChatFile key={file.id} file={file} session={session} />
      ))}
    </div>
  )
}

function ChatFile({ file, session }: { file: Attachment; session: Credentials }) {
  const { url } = useFileUrl(ownFileUrl(session, file.id), session.token)
  if (url && fileKind(file.media_type) === 'image') return <img className={classes.picture} src={url} alt={file.name} />
  return <FileName name={file.name} url={url} />
}

export function FileName({ name, url = null }: { name: string; url?: string | null }) {
  const inside = (
    <>
      <IconFile size={18} stroke={1.7} aria-hidden /> {name}
    </>
  )
  return url ? (
    <a className={classes.file} href={url} download={name}>
      {inside}
    </a>
  ) : (
    <span className={classes.file}>{inside}</span>
  )
}
