"""The currencies of ISO 4217 in which money is paid somewhere today, and those in which it was.

Those of today are list one of the standard's maintenance agency, those that were withdrawn list three ("historic
denominations"). Without what both list beside them: codes for funds, units of account, metals and tests, and what list
three marks as never having been a code of ISO. A currency that was replaced since moves from one to the other, a new
one is put in; a test holds both against CLDR's.
"""

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP
    CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV
    WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """
_WITHDRAWN_CODES = """
    ADP AFA ANG AOK AON AOR ARA ARP ATS AZM BAD BEF BGL BGN BOP BRB BRC BRE BRN BRR BUK BYB BYR CSD CSK CUC CYP DDM DEM
    ECS EEK EQE ESP FIM FRF GEK GHC GHP GNS GQE GRD GWE GWP HRD HRK IEP ILP ITL LSM LTL LTT LUF LVL LVR MGF MLF MRO MTL
    MTP MXP MZE MZM NIC NLG PEI PES PLZ PTE RHD ROL RUR SDD SDP SIT SKK SLL SRG STD SUR TJR TMM TPE TRL UAK UGS UYP VEB
    VEF YDD YUD YUM YUN ZMK ZRN ZRZ ZWD ZWL ZWN ZWR
    """
ACTIVE = frozenset(_CODES.split())
WITHDRAWN = frozenset(_WITHDRAWN_CODES.split())


def is_active(code: str) -> bool:
    """Whether money is paid in it today: "EUR" is, "XYZ", "DEM" and "XAU" are not."""
    return code in ACTIVE


def is_currency(code: str) -> bool:
    """Whether money is or was paid in it: "EUR" and "DEM" are such, "FTE" and "XAU" are not."""
    return code in ACTIVE or code in WITHDRAWN
