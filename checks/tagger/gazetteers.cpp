// The shorter lists, and the table that all lists become.
#include "checks/tagger/gazetteers.hpp"

#include "checks/tagger/word_hash.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace guardrails::checks::tagger {

namespace {

constexpr std::string_view legal_forms = "inc,incorporated,ltd,limited,llc,llp,plc,corp,corporation,co,gmbh,"
                                         "ag,kg,ohg,ug,se,sa,sarl,sas,spa,srl,bv,nv,vof,ab"
                                         ",oy,oyj,as,asa,aps,kft,zrt,doo,sro,pty,pvt,kk,lp,pbc,holdings,"
                                         "holding,group,partners,associates,sons,brothers,bros";

constexpr std::string_view organisation_words =
  "company,university,college,institute,school,academy,hospital,clinic,bank,ministry,department,agency,bureau"
  ",commission,committee,council,association,society,foundation,union,federation,trust,museum,library,church,"
  "party"
  ",club,team,laboratory,laboratories,labs,studios,airlines,airways,motors,industries,enterprises,"
  "technologies"
  ",technology,systems,solutions,services,consulting,capital,ventures,insurance,pharmaceuticals,pharma,energy"
  ",electronics,software,networks,media,records,press,times,post,journal,news,foods,stores,logistics,"
  "international"
  ",global,research,analytics,financial,investments,management,securities,court,parliament,senate,congress,"
  "army,navy"
  ",police,force,government,organisation,organization,authority,administration,investment bank,school "
  "district";

constexpr std::string_view organisations =
  "google,microsoft,apple,amazon,facebook,meta,netflix,tesla,twitter,openai,anthropic,nvidia,intel,amd,ibm,"
  "oracle,sap"
  ",cisco,samsung,sony,toyota,honda,nissan,volkswagen,bmw,mercedes,siemens,bosch,philips,nokia,ericsson,ikea,"
  "volvo,shell"
  ",exxonmobil,chevron,walmart,costco,starbucks,mcdonald's,nestlé,nestle,unilever,pfizer,moderna,novartis,"
  "roche,bayer"
  ",astrazeneca,hsbc,barclays,jpmorgan,goldman sachs,morgan stanley,citibank,citigroup,deutsche "
  "bank,ubs,credit suisse"
  ",revolut,paypal,visa,mastercard,american "
  "express,uber,lyft,airbnb,spotify,linkedin,github,gitlab,adobe,salesforce"
  ",dell,lenovo,hp,hewlett "
  "packard,huawei,xiaomi,alibaba,tencent,bytedance,boeing,airbus,lufthansa,ryanair,nasa,esa,fbi"
  ",cia,nsa,nhs,nato,unicef,unesco,opec,interpol,united nations,european union,world bank,red "
  "cross,greenpeace,amnesty"
  ",white house,house of commons,supreme court,bbc,cnn,nbc,abc news,reuters,bloomberg,new york "
  "times,washington post"
  ",the guardian,financial times,harvard,stanford,mit,yale,princeton,oxford university,cambridge "
  "university,mckinsey"
  ",deloitte,kpmg,accenture,pwc,ernst young,fedex,ups,dhl,procter gamble,johnson johnson,coca "
  "cola,pepsico,general motors"
  ",general electric,ford motor,wells fargo,bank of america,royal "
  "bank,lloyds,santander,bbva,unicredit,ing,rabobank";

constexpr std::string_view street_words = "street,st,avenue,ave,road,rd,boulevard,blvd,lane,ln,drive,dr,"
                                          "court,ct,square,sq,place,pl,terrace,way,highway,hwy"
                                          ",parkway,pkwy,crescent,close,alley,trail,pike,loop,walk,row,mews,"
                                          "suite,ste,apt,apartment,unit,floor,flat,box,po,psc,apo"
                                          ",fpo,dpo,uss,usns,usnv,usnt,ussv,corner,rue,allée,chemin,quai,via,"
                                          "viale,piazza,corso,vicolo,calle,carrer,avenida,plaza"
                                          ",paseo,camino,rua,praça,travessa,estrada,strasse,straße,str,weg,"
                                          "platz,gasse,allee,ufer,ring,straat,laan,plein,gracht"
                                          ",kade,dreef,vägen,gatan,vej,gade,gate,veien,vei,katu,tie,utca,út,"
                                          "tér,ul,ulica,aleja,plac,ulice,nám,bulevar,sokak"
                                          ",caddesi,oak,elm";

constexpr std::string_view honorifics =
  "mr,mrs,ms,miss,mx,dr,prof,professor,sir,madam,lady,lord,dame,rev,reverend,father"
  ",hon,judge,president,king,queen,prince,princess,captain,sergeant,general,herr,frau"
  ",monsieur,madame,señor,señora,signor,signora,uncle,aunt,sheikh,rabbi,imam";

constexpr std::string_view months =
  "january,february,march,april,may,june,july,august,september,october,november,december"
  ",jan,feb,mar,apr,jun,jul,aug,sep,sept,oct,nov,dec,januar,februar,märz,mai,juni,juli"
  ",oktober,dezember";

constexpr std::string_view weekdays =
  "monday,tuesday,wednesday,thursday,friday,saturday,sunday,mon,tue,tues,wed,thu,thur"
  ",thurs,fri,mondays,tuesdays,wednesdays,thursdays,fridays,saturdays,sundays";

constexpr std::string_view time_words =
  "today,tomorrow,yesterday,tonight,noon,midnight,morning,afternoon,evening,night,week,weeks,month,months,"
  "year,years,day"
  ",days,hour,hours,minute,minutes,second,seconds,decade,decades,century,centuries,quarter,weekend,am,pm,o'"
  "clock,gmt,utc"
  ",spring,summer,autumn,winter,christmas,easter,thanksgiving,halloween,new "
  "year,ramadan,hanukkah,diwali,ago,last,next"
  ",early,late,since,until,during,daily,weekly,monthly,annually,bc,ad,bce,1st,2nd,3rd,4th,5th,6th,7th,8th,"
  "9th,10th,11th"
  ",12th,13th,14th,15th,16th,17th,18th,19th,20th,21st,22nd,23rd,24th,25th,26th,27th,28th,29th,30th,31st";

constexpr std::string_view particles = "van,von,der,den,de,del,della,di,da,dos,das,du,la,le,ter,ten,bin,ibn,"
                                       "al,el,ben,abu,mac,mc,zu,af,y,e,jr,sr,ii,iii,iv";

constexpr std::string_view terms = "python,java,javascript,typescript,rust,golang,kotlin,swift,ruby,perl,php,"
                                   "haskell,scala,fortran,cobol,bash,powershell"
                                   ",sql,mysql,postgresql,postgres,sqlite,mongodb,redis,cassandra,kafka,"
                                   "docker,kubernetes,linux,ubuntu,debian,fedora"
                                   ",windows,macos,android,ios,unix,excel,powerpoint,outlook,word,photoshop,"
                                   "chrome,firefox,safari,api,apis,json,xml,yaml"
                                   ",html,css,http,https,url,urls,uri,sdk,cli,gui,cpu,gpu,ram,ssd,usb,wifi,"
                                   "lan,vpn,dns,tcp,udp,ip,ssh,tls,ssl,ftp,smtp,rest"
                                   ",graphql,grpc,jwt,oauth,aws,gcp,azure,s3,ec2,ci,cd,devops,react,angular,"
                                   "vue,django,flask,numpy,pandas,pytorch,tensorflow"
                                   ",keras,node,npm,pip,git,cmake,gcc,clang,llvm,cuda,opencl,opengl,vulkan,"
                                   "unity,gpt,chatgpt,llm,llms,ai,ml,nlp,bert,pdf,csv"
                                   ",png,jpeg,gif,mp3,mp4,zip,tar,utf,ascii,unicode,faq,todo,note,warning,"
                                   "error,info,debug,question,answer,example,summary"
                                   ",introduction,conclusion,chapter,section,figure,table,appendix,dear,"
                                   "hello,hi,hey,thanks,regards,sincerely,please,yes,no"
                                   ",ok,okay,i,true,false,null,none,ceo,cto,cfo,hr,pr,vp,phd,mba,bsc,md,atm,"
                                   "pin,iban,bic,swift code,ssn,vat,gdp,tv,dvd,cd"
                                   ",dna,rna,covid,hiv,adhd,eur,usd,gbp,dollar,euro,god,bible,quran,earth,"
                                   "moon,mars,venus,jupiter,saturn,sun,internet,web"
                                   ",user,bot,assistant,system,id,name,phone,address,email,date,time,title,"
                                   "subject,fax,mobile,website,account,card";

struct phrase {
  std::array<std::uint32_t, 3> words{};
  std::size_t count = 0;
};

// Words as the tokeniser sees them: `o'brien` is three tokens, of which the apostrophe counts as one.
phrase split(std::string_view entry) {
  phrase all;
  while (!entry.empty() && all.count < all.words.size()) {
    const auto at = entry.find_first_of(" '");
    const auto length = at == 0 ? 1 : std::min(at, entry.size());
    if (entry.front() != ' ')
      all.words[all.count++] = hash_word(entry.substr(0, length));
    entry.remove_prefix(length);
  }
  return all;
}

template <class Take>
void for_each_entry(const gazetteer_list& list, Take&& take) {
  auto rest = list.entries;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(",\n"), rest.size());
    if (end > 0)
      take(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

} // namespace

std::vector<gazetteer_list> all_gazetteer_lists() {
  namespace flag = word_list_flag;
  return {{flag::first_name, first_names()},
          {flag::surname, surnames()},
          {flag::country, countries()},
          {flag::place, places()},
          {flag::group, groups()},
          {flag::legal_form, legal_forms},
          {flag::organisation_word, organisation_words},
          {flag::organisation, organisations},
          {flag::street_word, street_words},
          {flag::honorific, honorifics},
          {flag::month, months},
          {flag::weekday, weekdays},
          {flag::time_word, time_words},
          {flag::particle, particles},
          {flag::term, terms}};
}

const gazetteers& gazetteers::all() {
  static const gazetteers table;
  return table;
}

gazetteers::gazetteers() {
  const auto lists = all_gazetteer_lists();
  std::size_t entries = 0;
  for (const auto& list : lists)
    for_each_entry(list, [&](std::string_view) { ++entries; });
  slots_.resize(std::bit_ceil(4 * entries)); // an entry fills at most two
  for (const auto& list : lists)
    for_each_entry(list, [&](std::string_view entry) { add(entry, list.flag); });
}

void gazetteers::add(std::string_view entry, word_lists lists) {
  fingerprint_ = mix(fingerprint_ + lists, hash_word(entry));
  const auto words = split(entry);
  auto key = words.words[0];
  for (std::size_t i = 1; i < words.count; ++i)
    key = mix(key, words.words[i]);
  slot_of(key).found.lists |= lists;
  if (words.count > 1)
    slot_of(words.words[0]).found.begins_phrase = true;
}

gazetteers::slot& gazetteers::slot_of(std::uint32_t key) {
  auto i = key & (slots_.size() - 1);
  while (slots_[i].key != 0 && slots_[i].key != key)
    i = (i + 1) & (slots_.size() - 1);
  slots_[i].key = key;
  return slots_[i];
}

listed gazetteers::find(std::uint32_t key) const noexcept {
  auto i = key & (slots_.size() - 1);
  while (slots_[i].key != 0 && slots_[i].key != key)
    i = (i + 1) & (slots_.size() - 1);
  return slots_[i].found;
}

} // namespace guardrails::checks::tagger
