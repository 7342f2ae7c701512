// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Vouchers
/// @notice Many small payments for the price of one: a payer puts tokens in escrow for a payee and signs vouchers off
/// chain, each for all that it owes so far; the payee claims with the last one. Operators pay so whoever lends them a
/// browser (docs/lending.md).
/// @dev One escrow for each payer, payee and token. What was claimed from it never shrinks, through closing and funding
/// again too: no voucher pays twice. A voucher is EIP-712 data `Voucher(address payer,address payee,address token,uint256
/// cumulative)` of the domain `EssaimVouchers`, version 1; payers may be contracts (ERC-1271).
/// Warning: what a voucher promises beyond the escrow is no more than a promise; it is paid when the payer adds to it.
/// Warning: a voucher never expires. What was not claimed before a refund can be claimed from what is added later.
interface IVouchers {
    /// @param funded all that was ever paid in, less what the payer took back; in the token's smallest unit
    /// @param claimed all that was ever paid to the payee
    /// @param until second before which the payer cannot begin to close it
    /// @param closes second from which the payer may take back what is not claimed; 0: it is not being closed
    struct Escrow {
        // slot 0
        uint128 funded;
        uint128 claimed;
        // slot 1
        uint64 until;
        uint64 closes;
    }

    event Funded(address indexed payer, address indexed payee, address indexed token, uint256 amount, uint64 until);
    event Claimed(
        address indexed payer,
        address indexed payee,
        address indexed token,
        uint256 amount,
        uint256 cumulative
    );
    event Closing(address indexed payer, address indexed payee, address indexed token, uint64 closes);
    event Refunded(address indexed payer, address indexed payee, address indexed token, uint256 amount);

    /// @notice Nobody can be paid nothing, nor can nobody.
    error Vouchers_Funding(address payee, uint256 amount);
    /// @notice The token kept a part of what was sent.
    error Vouchers_TokenAmount(uint256 amount, uint256 received);
    /// @notice An escrow stands open for at most a year from now, and never shorter than was promised.
    error Vouchers_Until(uint64 until, uint64 least, uint64 most);
    /// @notice The payer did not sign this.
    error Vouchers_Signature(address payer, bytes32 digest);
    /// @notice All that this voucher promises is paid, or the escrow is empty.
    error Vouchers_Nothing(uint256 claimed, uint256 funded);
    /// @notice It stands open until then.
    error Vouchers_Open(uint64 until);
    /// @notice It is being closed already.
    error Vouchers_Closing(uint64 closes);
    /// @notice What is left cannot be taken back before `closes`; 0: {close} was not called.
    error Vouchers_Wait(uint64 closes);

    /// @notice Adds to the caller's escrow for a payee, or opens it. Ends a closing that has begun.
    /// @param until second before which it cannot begin to close: never earlier than it was
    function fund(address payee, address token, uint128 amount, uint64 until) external;

    /// @notice Pays the payee what a voucher promises and the escrow has. For anyone: it goes to the payee only.
    /// @param cumulative all that the payer owes the payee in this token since the beginning
    /// @return amount what was paid now
    function claim(
        address payer,
        address payee,
        address token,
        uint256 cumulative,
        bytes calldata signature
    ) external returns (uint256 amount);

    /// @notice Begins to close the caller's escrow for a payee, who has `DELAY` left to claim.
    function close(address payee, address token) external;

    /// @notice Gives the caller back what the payee did not claim from an escrow that is closed.
    function refund(address payee, address token) external;

    /// @notice Seconds between the begin of a closing and its end.
    function DELAY() external view returns (uint64);

    /// @notice What was paid into an escrow and out of it, and how long it stands.
    function escrow(address payer, address payee, address token) external view returns (Escrow memory);

    /// @notice What a payer signs.
    function digestOf(address payer, address payee, address token, uint256 cumulative) external view returns (bytes32);
}
