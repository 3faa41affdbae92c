export { readSavedRun } from '../../model/saved/saved-run.js'
