// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IVouchers} from "../interfaces/IVouchers.sol";

/// @notice Rules, limits and warnings: {IVouchers}.
contract Vouchers is IVouchers, EIP712 {
    using SafeERC20 for IERC20;

    /// @inheritdoc IVouchers
    uint64 public constant DELAY = 3 days;
    uint64 private constant LONGEST = 365 days;
    bytes32 private constant VOUCHER = keccak256(
        "Voucher(address payer,address payee,address token,uint256 cumulative)"
    );

    mapping(address payer => mapping(address payee => mapping(address token => Escrow))) private _escrows;

    constructor() EIP712("EssaimVouchers", "1") {}

    /// @inheritdoc IVouchers
    function fund(address payee, address token, uint128 amount, uint64 until) external {
        require(payee != address(0) && amount != 0, Vouchers_Funding(payee, amount));
        Escrow storage of_ = _escrows[msg.sender][payee][token];
        uint64 most = uint64(block.timestamp) + LONGEST;
        require(until >= of_.until && until <= most, Vouchers_Until(until, of_.until, most));
        of_.funded += amount;
        (of_.until, of_.closes) = (until, 0);
        emit Funded(msg.sender, payee, token, amount, until);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        require(received == amount, Vouchers_TokenAmount(amount, received));
    }

    /// @inheritdoc IVouchers
    function claim(
        address payer,
        address payee,
        address token,
        uint256 cumulative,
        bytes calldata signature
    ) external returns (uint256 amount) {
        bytes32 digest = digestOf(payer, payee, token, cumulative);
        require(SignatureChecker.isValidSignatureNow(payer, digest, signature), Vouchers_Signature(payer, digest));
        Escrow storage of_ = _escrows[payer][payee][token];
        (uint128 funded, uint128 claimed) = (of_.funded, of_.claimed);
        uint128 payable_ = cumulative < funded ? uint128(cumulative) : funded;
        require(payable_ > claimed, Vouchers_Nothing(claimed, funded));
        of_.claimed = payable_;
        amount = payable_ - claimed;
        emit Claimed(payer, payee, token, amount, cumulative);
        IERC20(token).safeTransfer(payee, amount);
    }

    /// @inheritdoc IVouchers
    function close(address payee, address token) external {
        Escrow storage of_ = _escrows[msg.sender][payee][token];
        require(block.timestamp >= of_.until, Vouchers_Open(of_.until));
        require(of_.closes == 0, Vouchers_Closing(of_.closes));
        require(of_.funded > of_.claimed, Vouchers_Nothing(of_.claimed, of_.funded));
        of_.closes = uint64(block.timestamp) + DELAY;
        emit Closing(msg.sender, payee, token, of_.closes);
    }

    /// @inheritdoc IVouchers
    function refund(address payee, address token) external {
        Escrow storage of_ = _escrows[msg.sender][payee][token];
        (uint128 funded, uint128 claimed, uint64 closes) = (of_.funded, of_.claimed, of_.closes);
        require(closes != 0 && block.timestamp >= closes, Vouchers_Wait(closes));
        require(funded > claimed, Vouchers_Nothing(claimed, funded));
        (of_.funded, of_.closes) = (claimed, 0);
        emit Refunded(msg.sender, payee, token, funded - claimed);
        IERC20(token).safeTransfer(msg.sender, funded - claimed);
    }

    /// @inheritdoc IVouchers
    function escrow(address payer, address payee, address token) external view returns (Escrow memory) {
        return _escrows[payer][payee][token];
    }

    /// @inheritdoc IVouchers
    function digestOf(address payer, address payee, address token, uint256 cumulative) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER, payer, payee, token, cumulative)));
    }
}
