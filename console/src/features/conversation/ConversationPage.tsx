export { LoadingPage as ConversationPage } from '../../ui/LoadingPage'
