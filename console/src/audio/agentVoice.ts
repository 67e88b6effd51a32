// The agent's own audio: one microphone and one connection to the server per person, made once and kept between calls,
// so that taking a call needs no connecting. What happens is decided in voiceState.ts; here it is done.

import type { VoiceInfo } from '../api/schema'
import { signalling } from '../api/voice'
import type { LinkListener, VoiceLink } from './agentLink'
import { Meter } from './meter'
import { MicrophoneError, openMicrophone, stopTracks } from './microphone'
import type { Quality } from './quality'
import { socketLink } from './socketVoice'
import { browserStore, readSettings, type VoiceSettings, writeSettings } from './voiceSettings'
import { type Effect, IDLE, isAlive, step, type Transport, type VoiceEvent, type VoiceState } from './voiceState'
import { webrtcLink } from './webrtcVoice'

export type Devices = { microphones: MediaDeviceInfo[]; speakers: MediaDeviceInfo[] }

export type VoiceView = {
  state: VoiceState
  muted: boolean
  settings: VoiceSettings
  devices: Devices
  quality: Quality | null
}

const NO_DEVICES: Devices = { microphones: [], speakers: [] }
const QUALITY_EVERY = 2_000

export class AgentVoice {
  private current: VoiceView
  private readonly watchers = new Set<() => void>()
  private readonly store = browserStore()
  private readonly windows = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('relevo.voice')
  private context: AudioContext | null = null
  private stream: MediaStream | null = null
  private meter: Meter | null = null
  private link: VoiceLink | null = null
  private kept: { id: string | null } = { id: null }
  private info: VoiceInfo | null = null
  private retry: ReturnType<typeof setTimeout> | null = null
  private look: ReturnType<typeof setInterval> | null = null
  /** Grows with every link, so that one that is no longer the present one has nothing to say. */
  private turn = 0

  constructor() {
    const settings = readSettings(this.store)
    this.current = { state: IDLE, muted: false, settings, devices: NO_DEVICES, quality: null }
    if (this.windows) this.windows.onmessage = () => this.happened({ type: 'elsewhere' })
  }

  get view(): VoiceView {
    return this.current
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** To be called from a click: browsers start sound only from there. */
  turnOn(): void {
    this.context ??= new AudioContext({ latencyHint: 'interactive' })
    void this.context.resume()
    this.remember({ on: true })
    this.happened({ type: 'wanted' })
  }

  turnOff(): void {
    this.remember({ on: false })
    this.happened({ type: 'off' })
  }

  /** From a click, when the page switched the audio on by itself. */
  unlock(): void {
    void this.context?.resume()
    this.link?.unlock()
  }

  /** Signing out: silent now, but switched on again when the same desk signs in. */
  suspend(): void {
    this.happened({ type: 'off' })
  }

  /** The network came back or the page woke up: no need to wait for the next try. */
  wake(): void {
    if (this.current.state.name === 'reconnecting') this.happened({ type: 'wanted' })
  }

  mute(muted: boolean): void {
    this.set({ muted })
    this.applyMute()
  }

  async chooseMicrophone(deviceId: string): Promise<void> {
    this.remember({ microphone: deviceId })
    if (this.stream) await this.swapMicrophone()
  }

  chooseSpeaker(deviceId: string): void {
    this.remember({ speaker: deviceId })
    this.link?.playOn(deviceId)
  }

  /** How loud the microphone is now, 0..1. */
  level(): number {
    return this.meter?.level() ?? 0
  }

  /** The open microphone, for a test recording. */
  get microphone(): MediaStream | null {
    return this.stream
  }

  private happened(event: VoiceEvent): void {
    const { state, effects } = step(this.current.state, event)
    if (state !== this.current.state) this.set({ state, ...(state.name === 'on' ? {} : { quality: null }) })
    for (const effect of effects) this.carryOut(effect)
  }

  private carryOut(effect: Effect): void {
    if (effect.do === 'open_microphone') void this.open()
    else if (effect.do === 'close') this.close()
    else {
      this.dropLink(false)
      this.retry = setTimeout(() => this.connect(effect.by), effect.after)
    }
  }

  private async open(): Promise<void> {
    this.windows?.postMessage('taken')
    try {
      const [stream, info] = await Promise.all([
        openMicrophone(this.current.settings.microphone),
        signalling.info().catch(() => null),
      ])
      if (this.current.state.name !== 'asking') {
        stopTracks(stream)
        return
      }
      this.info = info
      this.adopt(stream)
      this.happened({ type: 'microphone', by: this.mayWebrtc() ? 'webrtc' : 'websocket' })
    } catch (error) {
      this.happened({ type: 'trouble', trouble: error instanceof MicrophoneError ? error.trouble : 'unsupported' })
    }
  }

  private mayWebrtc(): boolean {
    return typeof RTCPeerConnection !== 'undefined' && this.info?.webrtc !== false
  }

  private connect(by: Transport): void {
    this.retry = null
    if (!this.stream || !this.context) return
    const { speaker } = this.current.settings
    const listener = this.listen()
    const parts = { stream: this.stream, context: this.context, speaker, listener, kept: this.kept }
    if (by === 'webrtc' && !this.mayWebrtc()) {
      this.happened({ type: 'lost' })
      return
    }
    this.link = by === 'webrtc' ? webrtcLink(parts, signalling, this.info?.ice_servers ?? []) : socketLink(parts)
    this.look ??= setInterval(() => void this.measure(), QUALITY_EVERY)
  }

  private listen(): LinkListener {
    this.turn += 1
    const mine = this.turn
    const tell = (event: VoiceEvent) => () => {
      if (mine === this.turn) this.happened(event)
    }
    return {
      onConnected: tell({ type: 'connected' }),
      onLost: tell({ type: 'lost' }),
      onRefused: tell({ type: 'refused' }),
      onReplaced: tell({ type: 'elsewhere' }),
    }
  }

  private async measure(): Promise<void> {
    const quality = (await this.link?.quality().catch(() => null)) ?? null
    if (isAlive(this.current.state)) this.set({ quality })
  }

  private async swapMicrophone(): Promise<void> {
    try {
      const old = this.stream
      this.adopt(await openMicrophone(this.current.settings.microphone))
      if (old) stopTracks(old)
    } catch (error) {
      this.happened({ type: 'trouble', trouble: error instanceof MicrophoneError ? error.trouble : 'missing' })
    }
  }

  private adopt(stream: MediaStream): void {
    this.stream = stream
    for (const track of stream.getAudioTracks()) track.onended = () => void this.swapMicrophone()
    this.applyMute()
    this.link?.hearFrom(stream)
    if (this.context) this.meter ??= new Meter(this.context)
    this.meter?.listenTo(stream)
    void this.listDevices()
    navigator.mediaDevices.ondevicechange = () => void this.listDevices()
  }

  private async listDevices(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => [])
    const of = (kind: MediaDeviceKind) => all.filter(device => device.kind === kind && device.deviceId !== '')
    this.set({ devices: { microphones: of('audioinput'), speakers: of('audiooutput') } })
  }

  private applyMute(): void {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !this.current.muted
  }

  private dropLink(leaving: boolean): void {
    if (this.retry !== null) clearTimeout(this.retry)
    this.retry = null
    this.turn += 1
    const link = this.link
    this.link = null
    link?.close(leaving)
  }

  private close(): void {
    this.dropLink(true)
    this.kept = { id: null }
    if (this.look !== null) clearInterval(this.look)
    this.look = null
    this.meter?.listenTo(null)
    if (this.stream) stopTracks(this.stream)
    this.stream = null
    this.set({ muted: false, quality: null })
  }

  private remember(change: Partial<VoiceSettings>): void {
    const settings = { ...this.current.settings, ...change }
    writeSettings(this.store, settings)
    this.set({ settings })
  }

  private set(change: Partial<VoiceView>): void {
    this.current = { ...this.current, ...change }
    for (const watcher of this.watchers) watcher()
  }
}
