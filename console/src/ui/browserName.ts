/** Which browser this is, for the steps that give the microphone back. */
export function browserName(agent: string): 'chrome' | 'edge' | 'firefox' | 'safari' | 'other' {
  if (agent.includes('Edg/')) return 'edge'
  if (agent.includes('Firefox/') || agent.includes('FxiOS/')) return 'firefox'
  if (agent.includes('Chrome/') || agent.includes('CriOS/')) return 'chrome'
  return agent.includes('Safari/') ? 'safari' : 'other'
}
