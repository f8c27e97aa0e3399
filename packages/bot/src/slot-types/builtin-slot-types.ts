/**
 * The slot types that Amazon documents for Lex V1, Lex V2 and the Alexa Skills Kit that Lex took them from, each with what it
 * accepts here. Those that need knowledge which nobody can have offline are named as unsupported, so that a build says so.
 */

export type BuiltinKind =
  | 'date'
  | 'time'
  | 'duration'
  | 'number'
  | 'ordinal'
  | 'percentage'
  | 'fourDigits'
  | 'phone'
  | 'email'
  | 'alphanumeric'
  | 'yesNo'
  | 'postcode'
  | 'speed'
  | 'weight'
  /** A known list of words. */
  | 'list'
  /** Names, titles and the like: any words are taken, known ones are found in sentences. */
  | 'open'
  /** The whole answer as typed. */
  | 'free'
  | 'unsupported'

export interface BuiltinSlotType {
  /** As Lex V2 writes it. */
  readonly name: string
  readonly kind: BuiltinKind
}

/** @returns undefined when Amazon has no slot type of that name */
export function builtinSlotType(name: string): BuiltinSlotType | undefined {
  return byName.get(name.toLowerCase())
}

/** As Lex V1 writes it: `AMAZON.DATE`. */
export function v1SlotTypeName(name: string): string {
  return inCapitals.has(name) ? name.toUpperCase() : name
}

const inCapitals = new Set(['AMAZON.Date', 'AMAZON.Time', 'AMAZON.Duration', 'AMAZON.Number'])

const kinds: Readonly<Record<BuiltinKind, string>> = {
  date: 'Date',
  time: 'Time',
  duration: 'Duration',
  number: 'Number',
  ordinal: 'Ordinal',
  percentage: 'Percentage',
  fourDigits: 'FOUR_DIGIT_NUMBER',
  phone: 'PhoneNumber',
  email: 'EmailAddress',
  alphanumeric: 'AlphaNumeric',
  yesNo: 'YesNo Confirmation',
  postcode: 'UKPostalCode',
  speed: 'SpeedUnit',
  weight: 'WeightUnit',
  list: 'Color US_STATE DayOfWeek Month Country Language Season',
  free: 'FreeFormInput SearchQuery',
  open:
    'Actor AdministrativeArea Airline Airport Animal Artist Athlete AT_CITY AT_REGION Author Book BookSeries BroadcastChannel City ' +
    'CivicStructure Comic Corporation CreativeWorkType CulturalOrganization DE_CITY DE_FIRST_NAME DE_REGION Dessert DeviceType ' +
    'Director Drink EducationalOrganization ES_CITY EUROPE_CITY Event EventType Festival FictionalCharacter FinancialService ' +
    'FirstName Food FoodEstablishment FR_CITY FR_FIRST_NAME FR_REGION Game GB_CITY GB_FIRST_NAME GB_REGION Genre IT_CITY Landform ' +
    'LandmarksOrHistoricalBuildings LastName LocalBusiness LocalBusinessType MedicalOrganization Movie MovieSeries MovieTheater ' +
    'MusicAlbum MusicCreativeWorkType MusicEvent MusicGroup Musician MusicPlaylist MusicRecording MusicVenue MusicVideo ' +
    'Organization Person PostalAddress Professional ProfessionalType RadioChannel Region Residence Room ScreeningEvent Service ' +
    'SocialMediaPlatform SoftwareApplication SoftwareGame Sport SportsEvent SportsTeam State StreetAddress StreetName ' +
    'TelevisionChannel TVEpisode TVSeason TVSeries US_CITY US_FIRST_NAME US_LAST_NAME VideoGame WeatherCondition ' +
    'WrittenCreativeWorkType',
  unsupported: 'AggregateRating Anaphor KendraSearchQuery RelativePosition VisualModeTrigger',
}

const byName = new Map<string, BuiltinSlotType>()
for (const [kind, names] of Object.entries(kinds)) {
  for (const name of names.split(' ')) {
    // The keys of the record above, which `Object.entries` forgets.
    byName.set(`amazon.${name.toLowerCase()}`, {
      name: `AMAZON.${name}`,
      kind: kind as BuiltinKind,
    })
  }
}

/** Every slot type that Amazon documents, in the order of names. */
export const builtinSlotTypes: readonly BuiltinSlotType[] = [...byName.values()].sort((a, b) =>
  a.name < b.name ? -1 : 1,
)
