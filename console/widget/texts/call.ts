// The sentences of a call from the chat.

export const callEs = {
  title: 'Llamada',
  asking: 'Permite el uso del micrófono en el navegador.',
  connecting: 'Conectando…',
  live: 'En llamada',
  ended: 'La llamada terminó.',
  hangUp: 'Colgar',
  mute: 'Silenciar',
  unmute: 'Activar micrófono',
  captions: 'Lo que se dice',
  bot: 'Asistente',
  errors: {
    insecure: 'El navegador solo deja usar el micrófono en páginas seguras (https).',
    unsupported: 'Este navegador no permite llamadas.',
    denied: 'El navegador no tiene permiso para usar el micrófono.',
    missing: 'No encontramos ningún micrófono conectado.',
    busy: 'Otro programa está usando el micrófono.',
    line: 'Se cortó la conexión con el asistente.',
    refused: 'No pudimos atender la llamada ahora. Podemos seguir por escrito.',
  },
}

export const callEsAr: typeof callEs = { ...callEs, asking: 'Permití el uso del micrófono en el navegador.' }

export const callEn: typeof callEs = {
  title: 'Call',
  asking: 'Allow the browser to use the microphone.',
  connecting: 'Connecting…',
  live: 'In a call',
  ended: 'The call has ended.',
  hangUp: 'Hang up',
  mute: 'Mute',
  unmute: 'Unmute',
  captions: 'What is being said',
  bot: 'Assistant',
  errors: {
    insecure: 'The browser lets only secure pages (https) use the microphone.',
    unsupported: 'This browser cannot make calls.',
    denied: 'The browser may not use the microphone.',
    missing: 'No microphone was found.',
    busy: 'Another program is using the microphone.',
    line: 'The connection was lost.',
    refused: 'We cannot take the call now. We can go on in writing.',
  },
}
